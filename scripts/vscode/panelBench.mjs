// `npm run bench -- panel [--layers N] [--steps N]`: the built panel alone in the test browser, on a report made here: the time from the
// data's arrival to the first painted rows, and the browser's own frames while it scrolls and zooms, beside its frames at rest.
import * as fs from 'node:fs';
import * as path from 'node:path';
import { parseArgs } from 'node:util';
import { startBrowser } from './chromium.mjs';
import { root } from './npmPackage.mjs';

const FRAMES = 120;

/** A model of so many linear layers whose gradient falls towards the input, as a report gives it. */
function reportOf(count, steps) {
  const at = (line) => ({ path: 'n.py', range: { start: { line, character: 0 }, end: { line, character: 9 } } });
  const numbers = Array.from({ length: count }, (_, i) => i);
  const late = (i) => -5 + (4 * i) / count + Math.sin(i) * 0.3;
  return {
    path: 'n.py',
    problems: [],
    models: [
      {
        name: 'Net',
        entry: 'Net()',
        framework: 'pytorch',
        span: null,
        verdict: 'vanishing',
        unread: null,
        inputs: [],
        guesses: [],
        parameterCount: count * 64,
        parameters: numbers.map((i) => ({
          name: `blocks.${i}.fc.weight`,
          shape: [8, 8],
          line: 3,
          span: at(2),
          verdict: late(i) < -4 ? 'vanishing' : 'healthy',
          logRelativeGradient: { start: late(i) - 0.2, late: late(i) },
          note: null,
        })),
        layers: numbers.map((i) => ({
          path: `blocks.${i}.fc`,
          type: 'Linear',
          span: at(2),
          parameters: [i],
          outputShape: [32, 8],
          logGradient: -5 + (4 * i) / count,
          logBackwardGain: -4 / count,
          activation: { mean: 0, deviation: 1, saturated: 0.1, dead: 0 },
        })),
        findings: [],
        evidence: {
          seeds: [0],
          steps,
          batch: 32,
          optimiser: 'adam',
          learningRate: 0.001,
          loss: 'ce',
          data: 'd',
          reductions: [],
          partial: false,
          yardstick: -0.6,
          limit: -4,
          undecided: null,
          milliseconds: { reading: 1, training: 1, proving: 1 },
        },
        flow: {
          weights: numbers.map((i) => ({
            parameter: i,
            initialiser: 'u',
            low: late(i) - 0.3,
            high: late(i) + 0.3,
            steps: Array.from({ length: steps }, (_, s) => Number((late(i) + Math.cos(s) * 0.1).toFixed(2))),
            gradients: null,
          })),
          loss: Array.from({ length: steps }, () => 1),
          activations: numbers.map(() => null),
          nodes: numbers.map((i) => ({
            kind: 'layer',
            layer: i,
            label: 'Linear',
            path: `blocks.${i}.fc`,
            span: at(2),
            logGradient: 0,
          })),
          edges: numbers.slice(1).map((i) => [i - 1, i]),
        },
      },
    ],
  };
}

/** In the browser: milliseconds from the message with the report to the frame after its first rows. */
const firstPaint = (report) =>
  new Promise((done) => {
    const begun = performance.now();
    const painted = () => done(performance.now() - begun);
    const look = () =>
      document.querySelector('.row') ? requestAnimationFrame(() => setTimeout(painted)) : setTimeout(look, 0);
    const page = { subject: report.path, report, modelIndex: 0, comparisons: [], isPinned: false };
    window.postMessage({ m: 'showPage', a: [page, { phase: 'done' }], t: 'q' });
    look();
  });

/** In the browser: the milliseconds between frames while one thing is done each frame; throws if nothing moved. */
const framesOf = ({ doing, count }) =>
  new Promise((done, fail) => {
    const scroller = document.querySelector('.scroller');
    const state = () => `${scroller.scrollTop} ${scroller.querySelector('.rows').style.height}`;
    const seen = new Set();
    const times = [];
    const wheel = (deltaY) =>
      scroller.dispatchEvent(new WheelEvent('wheel', { deltaY, ctrlKey: true, clientY: 300, cancelable: true }));
    let last = performance.now();
    const tick = (now) => {
      times.push(now - last);
      last = now;
      seen.add(state());
      if (doing === 'scroll') scroller.scrollTop += 60;
      if (doing === 'zoom') wheel(times.length % 60 < 30 ? 100 : -100);
      if (times.length < count) requestAnimationFrame(tick);
      else if (doing !== 'rest' && seen.size < 5) fail(new Error(`nothing moved while told to ${doing}`));
      else done(times.slice(1));
    };
    // Each begins with rows of full height, at the top.
    for (let i = 0; i < 40; i++) wheel(-100);
    setTimeout(() => {
      scroller.scrollTop = 0;
      setTimeout(() => {
        last = performance.now();
        requestAnimationFrame(tick);
      }, 200);
    }, 200);
  });

function told(times) {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share) => sorted[Math.floor(sorted.length * share)].toFixed(0);
  const rate = (1000 * times.length) / times.reduce((sum, time) => sum + time, 0);
  return { rate, text: `median ${at(0.5)} ms, 95 % under ${at(0.95)} ms` };
}

export async function benchPanel(options) {
  const { values } = parseArgs({
    args: options,
    options: { layers: { type: 'string', default: '1000' }, steps: { type: 'string', default: '50' } },
  });
  const [layers, steps] = [Math.max(20, Number(values.layers)), Math.max(1, Number(values.steps))];
  const css = fs.readFileSync(path.join(root, 'dist', 'panel.css'), 'utf8');
  const { browser, context } = await startBrowser();
  try {
    const page = await context.newPage();
    await page.setContent(`<html><head><style>${css}</style></head><body><div id="root"></div></body></html>`);
    await page.evaluate(() => {
      window.acquireVsCodeApi = () => ({ postMessage: () => undefined, setState: () => undefined });
    });
    await page.addScriptTag({ path: path.join(root, 'dist', 'panel.js') });
    const first = await page.evaluate(firstPaint, reportOf(layers, steps));
    process.stdout.write(`${layers} layers x ${steps} steps\nfirst paint ${first.toFixed(0)} ms after the data\n`);
    await page.getByText('Unfold all').click();
    const { rate: rest } = told(await page.evaluate(framesOf, { doing: 'rest', count: FRAMES }));
    process.stdout.write(`at rest ${rest.toFixed(1)} frames a second\n`);
    for (const tab of ['Flow', 'Training']) {
      await page.getByRole('tab', { name: tab }).click();
      for (const doing of ['scroll', 'zoom']) {
        const { rate, text } = told(await page.evaluate(framesOf, { doing, count: FRAMES }));
        const share = (rate / rest).toFixed(2);
        process.stdout.write(`${tab}, ${doing}: ${rate.toFixed(1)} frames a second (${share} of rest), ${text}\n`);
      }
    }
  } finally {
    await browser.close();
  }
}
