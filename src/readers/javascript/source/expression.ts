import { parseExpression } from '@babel/parser';

/** What is wrong with an expression, null if nothing is. */
export function checkExpression(text: string): string | null {
  try {
    parseExpression(text, { plugins: ['typescript'] });
    return null;
  } catch (error) {
    return error instanceof Error ? error.message.replace(/\s*\(\d+:\d+\)$/, '') : 'syntax error';
  }
}
