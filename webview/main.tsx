import { render } from 'preact';
import './panel.css';
import { connect } from './rpc';
import { registerControls } from './ui';
import { App, type Shown } from './view/App';

registerControls();
const root = document.getElementById('root');
if (root) {
  const host = connect({ showReport: (report, modelIndex, state) => draw({ report, modelIndex, state }) });
  const draw = (shown: Shown) => render(<App {...shown} host={host} />, root);
  draw({ report: null, modelIndex: 0, state: { phase: 'empty' } });
  host.ready();
}
