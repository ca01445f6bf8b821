declare module 'plotly.js-basic-dist-min' {
  import type { PlotlyModule } from './plotly.js';

  const Plotly: PlotlyModule;
  export default Plotly;
}
