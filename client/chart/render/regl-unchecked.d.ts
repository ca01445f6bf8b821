declare module 'regl/dist/regl.unchecked.js' {
  export { default } from 'regl';
}
