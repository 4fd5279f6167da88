// The aims of capture under load, and whether they are met. Law: what was not measured is missed.
import type { ConsumerFigures, TrafficFigures, VisibleFigures } from "./measure.ts";

export interface CaptureAim {
  readonly name: string;
  readonly aim: string;
  readonly figure: string;
  readonly met: boolean;
}

export interface CaptureMeasured {
  readonly consumer: ConsumerFigures;
  readonly traffic: TrafficFigures;
  /** the same with fewer requests at once */
  readonly few: TrafficFigures;
  readonly visible: VisibleFigures;
}

const LEAST_CONSUMED = 5_000;
const LEAST_RATIO = 0.85;
const MOST_VISIBLE_MILLISECONDS = 5_000;

function ratioAim(where: string, { ratio, processorRatio }: TrafficFigures): CaptureAim {
  return {
    name: `every answer flagged, to none, ${where}`,
    aim: `≥ ${LEAST_RATIO}×`,
    figure: `${ratio.toFixed(2)}× (by processor time ${processorRatio?.toFixed(2) ?? "–"}×)`,
    met: ratio >= LEAST_RATIO,
  };
}

/** A consumer is one thread: a second of a core is a second of a consumer that no neighbour disturbs. */
export function judgeCapture({ consumer, traffic, few, visible }: CaptureMeasured): readonly CaptureAim[] {
  const consumed = consumer.perProcessorSecond ?? consumer.perSecond;
  const unit = consumer.perProcessorSecond === null ? "s" : "s of a core";
  return [
    {
      name: "consumer into D1",
      aim: `≥ ${LEAST_CONSUMED} mistakes/s`,
      figure: `${consumed.toFixed(0)}/${unit} (${consumer.perSecond.toFixed(0)}/s beside whatever else ran)`,
      met: consumed >= LEAST_CONSUMED,
    },
    ratioAim("many at once", traffic),
    ratioAim("few at once", few),
    {
      name: "visible, p99",
      aim: `≤ ${MOST_VISIBLE_MILLISECONDS} ms`,
      figure: `${visible.p99Milliseconds.toFixed(0)} ms of ${visible.mistakes} mistakes`,
      met: visible.p99Milliseconds <= MOST_VISIBLE_MILLISECONDS,
    },
    {
      name: "errors and missing mistakes",
      aim: "0",
      figure: `${traffic.errors + few.errors} errors, ${visible.missing} missing`,
      met: traffic.errors + few.errors === 0 && visible.missing === 0,
    },
  ];
}

export function captureAimLine({ name, aim, figure, met }: CaptureAim): string {
  return `${met ? "met   " : "MISSED"} ${name}: ${figure} (aim ${aim})`;
}
