import { Graph, layout } from '@dagrejs/dagre';
import type { DrawnNode, Drawing } from './drawing';

export interface PlacedNode {
  node: DrawnNode;
  /** Middle, in pixels. */
  x: number;
  y: number;
  width: number;
  height: number;
}
export interface PlacedEdge {
  from: DrawnNode;
  to: DrawnNode;
  points: { x: number; y: number }[];
}
export interface LayeredDrawing {
  nodes: PlacedNode[];
  edges: PlacedEdge[];
  width: number;
  height: number;
}

const LETTER = 7;
const LONGEST = 26;
const HEIGHT = 24;

/** What a node is called in the drawing. */
export const shownLabel = ({ label }: DrawnNode): string =>
  label.length > LONGEST ? `${label.slice(0, LONGEST - 1)}…` : label;

/** Places the nodes in layers from input (top) to loss (bottom) by dagre. */
export function layered({ nodes, edges }: Drawing): LayeredDrawing {
  const graph = new Graph();
  graph.setGraph({ rankdir: 'TB', nodesep: 16, ranksep: 22, edgesep: 8, marginx: 8, marginy: 8 });
  graph.setDefaultEdgeLabel(() => ({}));
  const byKey = new Map(nodes.map((node) => [node.key, node]));
  for (const node of nodes) {
    const merge = node.kind === 'merge';
    graph.setNode(node.key, {
      width: merge ? 18 : shownLabel(node).length * LETTER + 20,
      height: merge ? 18 : HEIGHT,
    });
  }
  for (const [from, to] of edges) graph.setEdge(from, to);
  layout(graph);
  const frame = graph.graph() as { width?: number; height?: number };
  return {
    nodes: nodes.map((node) => {
      const { x = 0, y = 0, width = 0, height = 0 } = graph.node(node.key) as Partial<PlacedNode>;
      return { node, x, y, width, height };
    }),
    edges: edges.flatMap(([a, b]) => {
      const [from, to] = [byKey.get(a), byKey.get(b)];
      const { points = [] } = graph.edge(a, b) as { points?: PlacedEdge['points'] };
      return from && to ? [{ from, to, points }] : [];
    }),
    width: frame.width ?? 0,
    height: frame.height ?? 0,
  };
}
