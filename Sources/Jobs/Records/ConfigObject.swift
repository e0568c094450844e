package import VideoTypes

/// An encoder configuration as JSON, with WebCodecs' names where it has them. It has every property of
/// ``VideoTypes/EncoderConfig``, which a test holds it to: shards agree by it.
public struct ConfigObject: Codable, Hashable, Sendable {
    /// The codec string, resolved.
    public let codec: String
    package let encoder: String
    package let width: Int
    package let height: Int
    package let chroma: String
    package let bitDepth: Int
    package let framerate: String?
    package let bitrate: Int?
    package let bitrateMode: String
    /// The quantizer in use, in the libraries' scale.
    package let quantizer: Int?
    /// The index that was asked for, in the bitstream's scale.
    package let quantizerIndex: Int?
    package let lossless: Bool
    package let contentHint: String?
    package let hardwareAcceleration: String
    let constantQuality: Double?
    package let latencyMode: String
    package let keyFrameInterval: Int?
    package let preset: String?
    let encoderOptions: [String]
    package let colorSpace: ColorSpaceObject
    package let chromaLocation: Int
    package let pixelAspectRatio: String?
    package let threads: Int?
    package let scalabilityMode: String
    package let alpha: String
    package let rotation: Int
    package let flip: Bool
    package let masteringDisplay: String?
    package let contentLightLevel: String?
    package let averageFramerate: String?
    package let highestFramerate: String?
    let displayWidth: Int?
    let displayHeight: Int?
    package let isSegment: Bool
    package let avcFormat: String
    package let hevcFormat: String

    package init(_ config: EncoderConfig, encoder: String) {
        codec = config.codec.description
        self.encoder = encoder
        (width, height) = (config.codedWidth, config.codedHeight)
        chroma = config.chroma.rawValue
        bitDepth = config.bitDepth
        framerate = config.framerate?.description
        bitrate = config.bitrate
        bitrateMode = config.bitrateMode.rawValue
        let nearest = (try? CodecRequest(config.codec)).map { QuantizerScale($0.codec) }
        quantizer = config.quantizer ?? config.quantizerIndex.flatMap { nearest?.level(nearestTo: $0) }
        quantizerIndex = config.quantizerIndex
        (lossless, contentHint) = (config.lossless, config.contentHint?.rawValue)
        hardwareAcceleration = config.hardwareAcceleration.rawValue
        constantQuality = config.constantQuality
        latencyMode = config.latencyMode.rawValue
        keyFrameInterval = config.keyFrameInterval
        preset = config.preset
        encoderOptions = config.encoderOptions.map { "\($0.key)=\($0.value)" }
        colorSpace = ColorSpaceObject(config.colorSpace)
        chromaLocation = Int(config.chromaLocation.rawValue)
        pixelAspectRatio = config.pixelAspectRatio.map { "\($0.width):\($0.height)" }
        threads = config.threads
        scalabilityMode = config.scalabilityMode.description
        alpha = config.alpha.rawValue
        (rotation, flip) = (config.orientation.rotation.rawValue, config.orientation.flip)
        masteringDisplay = config.masteringDisplay?.description
        contentLightLevel = config.contentLightLevel?.description
        averageFramerate = config.averageFramerate?.description
        highestFramerate = config.highestFramerate?.description
        (displayWidth, displayHeight) = (config.displayWidth, config.displayHeight)
        isSegment = config.isSegment
        (avcFormat, hevcFormat) = (config.avcFormat.rawValue, config.hevcFormat.rawValue)
    }

    /// Throws for a size or a bit rate that is not a count.
    func checkCounts(at path: [any CodingKey]) throws(DecodingError) {
        let counts: [(CodingKeys, Int)] = [(.width, width), (.height, height), (.bitrate, bitrate ?? 0)]
        for (key, count) in counts {
            try ClaimedCount.check(count, at: path + [key])
        }
    }
}
