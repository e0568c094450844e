internal import Sluice

extension Setting {
    /// The flag that sets it.
    var flag: String {
        switch self {
        case .acceptPartial: "--accept-partial"
        case .alpha: "--alpha"
        case .background: "--background"
        case .bitDepth: "--bit-depth"
        case .bitrate: "--bitrate"
        case .bitrateMode: "--bitrate-mode"
        case .chroma: "--chroma"
        case .chromaLocation: "--chroma-location"
        case .chunks: "--chunks"
        case .codec: "--codec"
        case .colorMatrix: "--color-matrix"
        case .colorPrimaries: "--color-primaries"
        case .colorRange: "--color-range"
        case .colorTransfer: "--color-transfer"
        case .constantQuality: "--crf"
        case .contentHint: "--content-hint"
        case .contentLightLevel: "--max-cll"
        case .copiesAudio: "--copy-audio"
        case .destination: "-o"
        case .displaySize: "--display-size"
        case .encoder: "--encoder"
        case .filter: "--filter"
        case .format: "--format"
        case .fragment: "--fragment"
        case .frameOptions: "--frame-options"
        case .framerate: "--framerate"
        case .frames: "--frames"
        case .hardwareAcceleration: "--hardware-acceleration"
        case .keepsStartTime: "--keep-start-time"
        case .keyFrameInterval: "--key-frame-interval"
        case .latencyMode: "--latency-mode"
        case .logger: "--log-level"
        case .lossless: "--lossless"
        case .masteringDisplay: "--mastering-display"
        case .maxMemory: "--max-memory"
        case .minPSNR: "--min-psnr"
        case .oddSize: "--odd-size"
        case .overwrite: "--overwrite"
        case .parallel: "--parallel"
        case .pixelFormat: "--pixel-format"
        case .preset: "--preset"
        case .quantizer: "--quantizer"
        case .quantizerIndex: "--qindex"
        case .scalabilityMode: "--scalability-mode"
        case .scale: "--scale"
        case .segmentFrames: "--segment-frames"
        case .shardIndex: "--index"
        case .shards: "--shards"
        case .size: "--size"
        case .stride: "--stride"
        case .planeRows: "--plane-rows"
        case .sampleShift: "--sample-shift"
        case .startNumber: "--start-number"
        case .bottomUp: "--bottom-up"
        case .threads: "--threads"
        case .timeout: "--input-timeout"
        case .variableRate: "--variable-rate"
        case .verification: "--verify"
        }
    }
}

extension SettingNames {
    /// What messages for people at the command line call the settings.
    static let flags = SettingNames(\.flag)
}
