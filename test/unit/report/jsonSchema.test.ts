import { expect, test } from 'vitest';
import { reportJsonSchema } from '../../../src/report/jsonSchema';

test('docs/report.schema.json is the schema of this version', async () => {
  // `npx vitest run test/unit/report -u` writes it anew after a change of src/report.
  await expect(reportJsonSchema()).toMatchFileSnapshot('../../../docs/report.schema.json');
});
