import 'halftone/elements';
import { createApp, h, ref } from 'vue';

const SERVER = 'http://127.0.0.1:8642';

/** What is brushed in the histogram is all that the scatter shows. */
const Weather = {
  setup() {
    const filters = ref(null);
    return () => [
      h('halftone-chart', {
        id: 'temperatures',
        src: `${SERVER}/explore/seattle-weather?mark=histogram&x=temp_max`,
        'onHalftone-select': ({ detail }) => (filters.value = detail.filters),
      }),
      h('halftone-chart', {
        id: 'winds',
        src: `${SERVER}/explore/seattle-weather?mark=scatter&x=temp_max&y=wind`,
        '.filters': filters.value,
      }),
    ];
  },
};

createApp(Weather).mount('#app');
