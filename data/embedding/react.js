import 'halftone/elements';
import { createElement as h, Fragment, useState } from 'react';
import { createRoot } from 'react-dom/client';

const SERVER = 'http://127.0.0.1:8642';

/** What is brushed in the histogram is all that the scatter shows. */
function Weather() {
  const [filters, setFilters] = useState(null);
  return h(
    Fragment,
    null,
    h('halftone-chart', {
      id: 'temperatures',
      src: `${SERVER}/explore/seattle-weather?mark=histogram&x=temp_max`,
      'onhalftone-select': ({ detail }) => setFilters(detail.filters),
    }),
    h('halftone-chart', {
      id: 'winds',
      src: `${SERVER}/explore/seattle-weather?mark=scatter&x=temp_max&y=wind`,
      filters,
    }),
  );
}

createRoot(document.getElementById('app')).render(h(Weather));
