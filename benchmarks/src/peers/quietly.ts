/** Work of a library that writes what happens to it to the standard output, where our lines of JSON go. */
export const quietly = async <Result>(work: () => Promise<Result>): Promise<Result> => {
  const { log } = console;
  console.log = () => undefined;
  try {
    return await work();
  } finally {
    console.log = log;
  }
};
