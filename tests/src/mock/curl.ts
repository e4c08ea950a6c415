/** Commands of curl as requests, so that what a page or a program prints can be sent without a shell. */

/** The flags of curl that are printed anywhere in this project; others throw. */
const flags = {
  "-H": true,
  "-d": true,
  "-X": true,
  "-o": true,
  "-T": true,
  "-i": false,
  "-N": false,
} as const;

export type Variables = ReadonlyMap<string, string>;

/** Words of a POSIX shell: blanks part them, quotes hold them together, a backslash joins lines. */
const wordsOf = (line: string, variables: Variables): readonly string[] => {
  const expanded = (text: string): string =>
    text.replaceAll(/\$(\w+)/g, (_, name: string) => {
      const value = variables.get(name);
      if (value === undefined) throw new Error(`$${name} is not set`);
      return value;
    });
  return [...line.replaceAll("\\\n", " ").matchAll(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g)].map(([word]) =>
    word.replaceAll(
      /'([^']*)'|"([^"]*)"|([^'"]+)/g,
      (_, single?: string, double = "", bare = "") => single ?? expanded(double + bare),
    ),
  );
};

/** `NAME=value` lines of a text. */
export const variablesIn = (text: string): Variables =>
  new Map(
    [...text.matchAll(/^(\w+)=(.*)$/gm)].map(([, name = "", value = ""]) => [
      name,
      value.replaceAll("'", ""),
    ]),
  );

/** Every command of curl in a text, each over one or several lines. */
export const curlsIn = (text: string): readonly string[] =>
  [...text.matchAll(/^curl (?:.*\\\n)*.*$/gm)].map(([command]) => command);

const isFlag = (word: string): word is keyof typeof flags => Object.hasOwn(flags, word);

export interface Curl {
  readonly request: Request;
  /** Where `-o` puts the answer. */
  readonly output?: string;
}

/** `file` gives the content of a file that is sent. */
export const readCurl = (
  command: string,
  variables: Variables = new Map(),
  file: (name: string) => string = (name) => {
    throw new Error(`no file ${name}`);
  },
): Curl => {
  const [program, ...words] = wordsOf(command, variables);
  if (program !== "curl") throw new Error(`${program} is not curl`);
  const headers = new Headers();
  let [method, body, url, output]: (string | undefined)[] = [];
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
    else if (word === "-o") output = value;
    else if (word === "-H") {
      const colon = value.indexOf(":");
      headers.append(value.slice(0, colon), value.slice(colon + 1).trim());
    } else if (word === "-T") {
      method ??= "PUT";
      body = file(value);
    } else {
      method ??= "POST";
      body = value;
      if (!headers.has("content-type"))
        headers.set("content-type", "application/x-www-form-urlencoded");
    }
  }
  if (url === undefined) throw new Error(`no URL in ${command}`);
  const init = { method: method ?? "GET", headers, ...(body === undefined ? {} : { body }) };
  return { request: new Request(url, init), ...(output === undefined ? {} : { output }) };
};

export const requestOf = (command: string): Request => readCurl(command).request;
