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
  };
  const show = (change: Partial<Shown>) => {
    shown = { ...shown, ...change };
    render(<App {...shown} host={host} />, root);
  };
  const host = connect({
    showPage: (page, state) => show({ page, state }),
    showState: (state) => show({ state }),
    showCursor: (cursor) => show({ cursor }),
  });
  show({});
  host.ready();
}
