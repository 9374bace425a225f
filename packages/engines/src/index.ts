export interface EnginesOptions {
  dataFolder: string;
  /** Real servers to use in place of the embedded ones. */
  warehouseUrl?: string;
  recordsUrl?: string;
}

export interface Engines {
  warehouseUrl: string;
  recordsUrl: string;
  stop(): Promise<void>;
}

export declare function startEngines(options: EnginesOptions): Promise<Engines>;
