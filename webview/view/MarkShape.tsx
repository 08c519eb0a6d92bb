import type { ParameterVerdict } from '../../src/report/report';

/** Verdicts differ by shape as well as by colour. */
export function MarkShape({ verdict }: { verdict: ParameterVerdict }) {
  switch (verdict) {
    case 'healthy':
      return <circle class="mark healthy" r="4" />;
    case 'unjudged':
    case 'waking':
      return <circle class="mark hollow" r="3.5" />;
    case 'dead':
    case 'degenerate':
      return <path class="mark flagged crossed" d="M-4.5,-4.5 L4.5,4.5 M-4.5,4.5 L4.5,-4.5" />;
    case 'exploding':
      return <path class="mark flagged" d="M-5.5,4.5 L5.5,4.5 L0,-5.5 Z" />;
    default:
      return <path class="mark flagged" d="M-5.5,-4.5 L5.5,-4.5 L0,5.5 Z" />;
  }
}

/** A mark in running text. */
export function Mark({ verdict }: { verdict: ParameterVerdict }) {
  return (
    <svg class="legend-mark" viewBox="-7 -7 14 14" aria-hidden="true">
      <MarkShape verdict={verdict} />
    </svg>
  );
}
