import type { PanelState } from '../report/panelProtocol';
import type { Diagnosis } from './diagnoses';

/** What the panel says of a diagnosis and its model number `model`; `edited` where the text is no longer the one diagnosed. */
export function panelState(diagnosis: Diagnosis | undefined, model: number, edited: boolean): PanelState {
  if (diagnosis === undefined) return { phase: 'empty' };
  const { state } = diagnosis;
  switch (state.phase) {
    case 'running': {
      const { progress } = state;
      if (progress === null) return { phase: 'running', stage: 'reading', detail: '', fraction: 0 };
      return { phase: 'running', stage: progress.stage, detail: progress.detail, fraction: progress.fraction };
    }
    case 'failed':
      return { phase: 'failed', message: state.message };
    case 'cancelled':
      return { phase: 'cancelled' };
    case 'done': {
      const reason = diagnosis.outdated?.models.has(model) ? diagnosis.outdated.reason : null;
      return edited || reason !== null ? { phase: 'outdated', reason } : { phase: 'done' };
    }
  }
}
