/** Commands of curl as requests, so that what a page or a program prints can be sent without a shell. */

/** The flags of curl that are printed anywhere in this project; others throw. */
const flags = {
  "-H": true,
  "-d": true,
  "-X": true,
  "--data-binary": true,
  "-i": false,
  "-N": false,
  "-s": false,
} as const;

/** Words of a POSIX shell: blanks part them, quotes hold them together, a backslash joins lines. */
export const wordsOf = (line: string): readonly string[] =>
  [...line.replaceAll("\\\n", " ").matchAll(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g)].map(([word]) =>
    word.replaceAll(/'([^']*)'|"([^"]*)"/g, (_, single = "", double = "") => single + double),
  );

/** Every command of curl in a text, each over one or several lines. */
export const curlsIn = (text: string): readonly string[] =>
  [...text.matchAll(/^curl (?:.*\\\n)*.*$/gm)].map(([command]) => command);

const isFlag = (word: string): word is keyof typeof flags => Object.hasOwn(flags, word);

/** `file` gives the content behind `@name`. */
export const requestOf = (
  command: string,
  file: (name: string) => string = (name) => {
    throw new Error(`no file ${name}`);
  },
): Request => {
  const [program, ...words] = wordsOf(command);
  if (program !== "curl") throw new Error(`${program} is not curl`);
  const headers = new Headers();
  let [method, body, url]: (string | undefined)[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? "";
    if (!word.startsWith("-")) {
      url = word;
      continue;
    }
    if (!isFlag(word)) throw new Error(`curl ${word} is not known here`);
    if (!flags[word]) continue;
    at += 1;
    const value = words[at] ?? "";
    if (word === "-X") method = value;
    else if (word === "-H") {
      const colon = value.indexOf(":");
      headers.append(value.slice(0, colon), value.slice(colon + 1).trim());
    } else body = value.startsWith("@") ? file(value.slice(1)) : value;
  }
  if (url === undefined) throw new Error(`no URL in ${command}`);
  if (body !== undefined && !headers.has("content-type"))
    headers.set("content-type", "application/x-www-form-urlencoded");
  return new Request(url, {
    method: method ?? (body === undefined ? "GET" : "POST"),
    headers,
    ...(body === undefined ? {} : { body }),
  });
};
