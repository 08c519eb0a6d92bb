import type { Problem, ReadRequest } from '../../graph/reading';
import { Unreadable } from '../unreadable';
import { startOf } from './lowering';
import type { PageElement } from './sandbox/page';
import type { CallSite } from './source/callSites';
import { elementsIn } from './source/page';
import { prepare, prepareBroken, prepareData, type Prepared } from './source/prepare';

const PAGE = /\.html?$/;

/** The other modules of a request, made ready to be run; what cannot be parsed is told and left out. */
export function prepareOthers(request: ReadRequest, sites: CallSite[], problems: Problem[]): Prepared[] {
  return request.files.flatMap((file): Prepared[] => {
    if (file.path === request.path || PAGE.test(file.path)) return [];
    try {
      return [
        file.path.endsWith('.json') ? prepareData(file.path, file.text) : prepare(file.path, file.text, sites, []),
      ];
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      const problem = error.problem(startOf(file.path));
      problems.push(problem);
      return [prepareBroken(file.path, problem)];
    }
  });
}

/** Modules that the active one does not load itself, in the order in which they were given: they use it. */
export function callersAmong(request: ReadRequest, modules: readonly Prepared[]): Prepared[] {
  return modules.filter(({ path }) => path !== request.path && !path.endsWith('.json'));
}

/** Input fields of the pages among the files, by their ids; the nearest page comes first. */
export function elementsOf(files: ReadRequest['files']): Record<string, PageElement> {
  const pages = files.filter(({ path }) => PAGE.test(path)).map(({ text }) => elementsIn(text));
  return Object.assign({}, ...pages.toReversed()) as Record<string, PageElement>;
}
