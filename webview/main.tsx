import { render } from 'preact';
import './panel.css';
import { connect } from './rpc';
import { registerControls } from './ui';
import { App, type Shown } from './view/App';

registerControls();
const root = document.getElementById('root');
if (root) {
  let shown: Shown = {
    page: { subject: null, report: null, modelIndex: 0, comparisons: [], isPinned: false },
    state: { phase: 'empty' },
    cursor: null,
    live: [],
  };
  const show = (change: Partial<Shown>) => {
    shown = { ...shown, ...change };
    render(<App {...shown} host={host} />, root);
  };
  const host = connect({
    showPage: (page, state) => show({ page, state, live: state.phase === 'running' ? shown.live : [] }),
    showState: (state) => show({ state, live: state.phase === 'running' ? shown.live : [] }),
    showCursor: (cursor) => show({ cursor }),
    // A run starts anew with step 0 of its first seed.
    showStep: (step) => show({ live: step.step === 0 ? [step] : [...shown.live, step] }),
  });
  show({});
  host.ready();
}
