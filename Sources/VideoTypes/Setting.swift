internal import Synchronization

/// A setting that messages name: by its property, unless the process has another name for it, such as a flag.
package enum Setting: String, CaseIterable, Sendable {
    // How the picture is encoded.
    case bitDepth, bitrate, bitrateMode, codec, constantQuality, contentHint, encoder, framerate, hardwareAcceleration
    case keyFrameInterval, latencyMode, lossless, preset, quantizer, quantizerIndex, scalabilityMode, threads
    case frameOptions

    // What the picture is.
    case alpha, background, chroma, chromaLocation, contentLightLevel, displaySize, masteringDisplay, oddSize, rotation
    case scale
    case filter = "graph"
    case crop, deinterlaces, denoises, fit, pad, toneMapping
    case inputPrimaries, inputTransfer, inputMatrix, referenceWhite
    case inputRange = "inputFullRange"
    case colorPrimaries = "primaries"
    case colorTransfer = "transfer"
    case colorMatrix = "matrix"
    case colorRange = "fullRange"

    // What is read, and how.
    case acceptPartial, frames, pixelFormat, size, stride, timeout
    case variableRate = "hasVariableRate"
    case keepsStartTime, planeRows, sampleShift, startNumber
    case bottomUp = "isBottomUp"
    case frameTimes, durationOfLast

    // What is written, and how.
    case framerateOfOutput = "constantFramerate"
    case audio
    case audioBitrate = "audio.bitrate"
    case audioCodec = "audio.codec"
    case audioOffset = "audio.offset"
    case copiesAudio = "audio.own"
    case noAudio = "audio.own.none"
    case chunks, destination, format, fragment, indexAtEnd, overwrite, verification
    case minPSNR = "leastPSNR"

    // How the work is done.
    case parallel, segmentFrames, logger
    case maxMemory = "maxBytes"
    case shardIndex = "index"
    case shards = "folder"
}

extension Setting: CustomStringConvertible {
    /// The name that the reader of a message knows.
    package var description: String { SettingNames.current.name(self) }
}

/// The names of settings in messages: the library's, or those of the program that uses it.
package struct SettingNames: Sendable {
    /// The names of the properties.
    package static let properties = SettingNames { $0.rawValue }

    /// The names in messages of this task, instead of the process's: for tests, which share a process.
    @TaskLocal package static var ofTask: SettingNames?

    private static let ofProcess = Mutex(properties)

    /// A setting's name.
    package let name: @Sendable (Setting) -> String

    /// Other names.
    package init(_ name: @escaping @Sendable (Setting) -> String) { self.name = name }

    /// The names in messages from now on.
    static var current: SettingNames { ofTask ?? ofProcess.withLock { $0 } }

    /// Gives all messages of this process these names from now on. A program does it once, before anything else.
    package func adopt() { Self.ofProcess.withLock { $0 = self } }
}
