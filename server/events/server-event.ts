/** One thing that happened to a dataset or to the configuration, as the stream of events tells it. */
export interface ServerEvent {
  name: 'dataset' | 'snapshot' | 'run' | 'config';
  /** Names the dataset, if it is about one. */
  data: Record<string, unknown>;
}
