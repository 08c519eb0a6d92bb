import { Report } from './report';

/** The JSON Schema of the report, as `docs/report.schema.json` holds it. */
export function reportJsonSchema(): string {
  const schema = {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Gradient Lens report',
    description:
      'What `gradient-lens check --format json` prints. Lines and characters count from zero, `line` from one.',
    ...Report,
  };
  return JSON.stringify(schema, null, 2) + '\n';
}
