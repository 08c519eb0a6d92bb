import type { SourceSpan } from '../../src/graph/source';
import { TABLE_COLUMNS, tableOf } from '../model/table';
import type { Leaf } from '../model/leaves';

/** The chart's figures as a table, one row a weight or layer. */
export function TableView({ leaves, onPlace }: { leaves: readonly Leaf[]; onPlace: (span: SourceSpan) => void }) {
  return (
    <div class="table-frame" tabIndex={0} role="region" aria-label="Layers as a table">
      <table>
        <thead>
          <tr>
            {TABLE_COLUMNS.map(({ title }) => (
              <th key={title} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {tableOf(leaves).map(({ key, cells, flagged, span }) => (
            <tr key={key} class={flagged ? 'flagged' : ''}>
              {cells.map((cell, i) =>
                i === 0 ? (
                  <th key={i} scope="row">
                    {span ? (
                      <button type="button" class="place" onClick={() => onPlace(span)}>
                        {cell}
                      </button>
                    ) : (
                      cell
                    )}
                  </th>
                ) : (
                  <td key={i}>{cell}</td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
