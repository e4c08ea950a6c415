/** The version of this package, as its package.json says. */
import packageJson from "../package.json" with { type: "json" };

export const version: string = packageJson.version;
