/** Instants as people read them. Machine-readable ones stay in `<time datetime>`. */

const dayAndTime = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "short",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
});
const day = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "long",
  year: "numeric",
  timeZone: "UTC",
});

/** "4 Mar 2026, 10:22:07" in the reader's own zone. @param {string} instant */
export const formatInstant = (instant) => dayAndTime.format(new Date(instant));

/** A calendar date has no zone: "25 March 2026". @param {string} date YYYY-MM-DD */
export const formatDate = (date) => day.format(new Date(`${date}T00:00:00Z`));
