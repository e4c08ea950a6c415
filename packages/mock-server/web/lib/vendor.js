/**
 * The one place that names the UI library: Preact with its hooks, and htm, which reads templates
 * without `eval`. The server turns these bare names into addresses when it serves this file, so
 * that no import map (an inline script, which the Content-Security-Policy forbids) is needed.
 */
import htm from "htm";
import { h } from "preact";

export { createContext, render } from "preact";
export {
  useContext,
  useEffect,
  useId,
  useMemo,
  useRef,
  useState,
} from "preact/hooks";

/** JSX as a tagged template. What is interpolated becomes text or an attribute, never markup. */
export const html = htm.bind(h);
