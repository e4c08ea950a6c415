/**
 * Subject and baseline in turns, in one process, several times over: their medians drift together,
 * so the ratio says more than either figure.
 */

/** One pass over a workload. */
export interface Pass {
  /** Units of work that were done: commands, events, loads. */
  readonly count: number;
  readonly seconds: number;
  /** Of each unit, in microseconds, where it was waited for alone. */
  readonly latencies?: readonly number[];
  /** Of the process that did the work, where that is another one: time of its processors, and bytes resident afterwards. */
  readonly cpuSeconds?: number;
  readonly rss?: number;
}

export interface Contender {
  readonly name: string;
  /** Each pass starts from the same state and leaves nothing behind. */
  pass(): Promise<Pass>;
  /** Somebody else's: what it cannot do is a line of the result and not the end of the run. */
  readonly foreign?: true;
}

export interface Benchmark {
  /** The goal's name in the table of performance, such as `P1`. */
  readonly goal: string;
  readonly workload: string;
  readonly subject: Contender;
  readonly baselines: readonly Contender[];
  /** Fewer than of the others, where one pass takes minutes. */
  readonly rounds?: number;
  /** Gives back what the passes share, such as a file with a million events. */
  readonly dispose?: () => Promise<void>;
}

/** One line of the result: the subject against one baseline, or alone. */
export interface Line {
  readonly name: string;
  readonly workload: string;
  /** Units in one pass. */
  readonly n: number;
  readonly per_second: number;
  readonly p50_us: number | null;
  readonly p99_us: number | null;
  /** Time of the processor for a unit of work; varies less than the rate where others are at work. */
  readonly cpu_us?: number;
  readonly baseline_cpu_us?: number;
  /** Resident memory after the subject's last pass. */
  readonly rss_mb: number;
  readonly baseline: string | null;
  readonly baseline_per_second: number | null;
  /** What a foreign baseline said when it could not do the work. */
  readonly baseline_failure?: string;
  /** Subject by baseline, both medians. */
  readonly ratio: number | null;
}

const sorted = (values: readonly number[]): number[] => [...values].sort((a, b) => a - b);

/** The value below which a share of the others lie; the middle one for 0.5. */
const quantile = (values: readonly number[], share: number): number | undefined =>
  sorted(values)[Math.min(values.length - 1, Math.floor(values.length * share))];

const rounded = (value: number, digits: number): number => Number(value.toFixed(digits));

const median = (passes: readonly Pass[]): number =>
  quantile(
    passes.map(({ count, seconds }) => count / seconds),
    0.5,
  ) ?? 0;

/** The median of a unit's time of the processor in microseconds; undefined where it was not measured. */
const cpuOf = (passes: readonly Pass[]): number | undefined => {
  const value = quantile(
    passes.flatMap(({ count, cpuSeconds }) =>
      cpuSeconds === undefined ? [] : [(cpuSeconds / count) * 1e6],
    ),
    0.5,
  );
  return value === undefined ? undefined : rounded(value, 1);
};

/** Times one piece of work. */
export const timed = async (count: number, work: () => Promise<void> | void): Promise<Pass> => {
  const start = performance.now();
  await work();
  return { count, seconds: (performance.now() - start) / 1000 };
};

const onePass = async (contender: Contender): Promise<Pass> => {
  globalThis.gc?.();
  return contender.pass();
};

/** The passes of a baseline; those of a foreign one end with the first that fails. */
interface Turns {
  readonly passes: Pass[];
  failure?: string;
}

const oneTurn = async (contender: Contender, turns: Turns): Promise<void> => {
  if (turns.failure !== undefined) return;
  try {
    turns.passes.push(await onePass(contender));
  } catch (error) {
    if (contender.foreign !== true) throw error;
    turns.failure = error instanceof Error ? error.message : String(error);
  }
};

/** Runs a benchmark `usual` times unless it says how often, baselines and subject in turns. */
export const measure = async (benchmark: Benchmark, usual: number): Promise<Line[]> => {
  const { goal, workload, subject, baselines, rounds = usual } = benchmark;
  const subjectPasses: Pass[] = [];
  const baselineTurns = baselines.map((): Turns => ({ passes: [] }));
  let rss = 0;
  for (let round = 0; round < rounds; round += 1) {
    subjectPasses.push(await onePass(subject));
    rss = subjectPasses.at(-1)?.rss ?? process.memoryUsage.rss();
    for (const [index, turns] of baselineTurns.entries()) {
      const baseline = baselines[index];
      if (baseline !== undefined) await oneTurn(baseline, turns);
    }
  }
  await benchmark.dispose?.();

  const perSecond = median(subjectPasses);
  const latencies = subjectPasses.flatMap((pass) => pass.latencies ?? []);
  const microseconds = (share: number): number | null => {
    const value = quantile(latencies, share);
    return value === undefined ? null : rounded(value, 1);
  };
  const cpu = cpuOf(subjectPasses);
  const line = {
    name: `${goal} ${subject.name}`,
    workload,
    n: subjectPasses[0]?.count ?? 0,
    per_second: Math.round(perSecond),
    p50_us: microseconds(0.5),
    p99_us: microseconds(0.99),
    ...(cpu === undefined ? {} : { cpu_us: cpu }),
    rss_mb: Math.round(rss / 2 ** 20),
  };
  if (baselines.length === 0)
    return [{ ...line, baseline: null, baseline_per_second: null, ratio: null }];
  return baselines.map(({ name }, index) => {
    const { passes = [], failure } = baselineTurns[index] ?? {};
    if (failure !== undefined)
      return {
        ...line,
        baseline: name,
        baseline_per_second: null,
        baseline_failure: failure,
        ratio: null,
      };
    const basePerSecond = median(passes);
    const baseCpu = cpuOf(passes);
    return {
      ...line,
      baseline: name,
      baseline_per_second: Math.round(basePerSecond),
      ...(baseCpu === undefined ? {} : { baseline_cpu_us: baseCpu }),
      ratio: rounded(perSecond / basePerSecond, 2),
    };
  });
};
