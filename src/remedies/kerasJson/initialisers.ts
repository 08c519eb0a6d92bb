import type { InitialiserName } from '../idea';

interface Scheme {
  className: string;
  config: Record<string, unknown>;
}

const SCHEMES: Record<InitialiserName, Scheme> = {
  he: { className: 'HeNormal', config: { seed: null } },
  // Of slope 0.01 He's scale is 2 / 1.0001.
  heLeaky: { className: 'HeNormal', config: { seed: null } },
  heUniform: { className: 'HeUniform', config: { seed: null } },
  lecun: { className: 'LecunNormal', config: { seed: null } },
  orthogonal: { className: 'Orthogonal', config: { gain: Math.SQRT2, seed: null } },
  glorotTanh: scaled(25 / 9),
  glorotSigmoid: scaled(16),
};

/** Glorot's uniform law with the square root of `scale` as its gain. */
function scaled(scale: number): Scheme {
  return { className: 'VarianceScaling', config: { scale, mode: 'fan_avg', distribution: 'uniform', seed: null } };
}

/** An initialiser as a topology holds it. */
export function initialiserObject(name: InitialiserName, isKeras3: boolean): Record<string, unknown> {
  const { className, config } = SCHEMES[name];
  return isKeras3
    ? { module: 'keras.initializers', class_name: className, config, registered_name: null }
    : { class_name: className, config };
}
