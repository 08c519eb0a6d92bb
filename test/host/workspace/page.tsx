import { useState } from 'react';

/** A page that has nothing to do with models. */
export function Layers({ layers }: { layers: string[] }) {
  const [open, setOpen] = useState(false);
  return <ul onClick={() => setOpen(!open)}>{open && layers.map((layer) => <li key={layer}>{layer}</li>)}</ul>;
}
