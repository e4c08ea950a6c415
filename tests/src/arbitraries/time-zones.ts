/** Time zones in which something is odd: no whole hour, no midnight, two of them, no day, far from UTC. */
import fc from "fast-check";

export const timeZones: fc.Arbitrary<string> = fc.constantFrom(
  "UTC",
  "Africa/Johannesburg",
  "Africa/Cairo",
  "America/New_York",
  "America/Sao_Paulo",
  "America/St_Johns",
  "Asia/Kathmandu",
  "Australia/Lord_Howe",
  "Pacific/Apia",
  "Pacific/Kiritimati",
  "Pacific/Niue",
);
