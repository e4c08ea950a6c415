/**
 * What was typed or chosen in a form's field, without blanks around it; "" where there is none.
 * @param {FormData} form
 * @param {string} name
 */
export const textOf = (form, name) => {
  const value = form.get(name);
  return typeof value === "string" ? value.trim() : "";
};
