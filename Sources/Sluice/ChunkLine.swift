/// One line of `--chunks`: what a browser needs, beside the stream itself, to feed WebCodecs' `VideoDecoder`.
struct ChunkLine: Encodable {
    let index: Int
    let type: String
    let timestamp: Int64
    let duration: Int64?
    let offset: Int
    let size: Int
    let temporalLayerId: Int
    let quantizer: Int?
    let decoderConfig: DecoderConfigObject?

    init(_ chunk: EncodedVideoChunk, index: Int, range: Range<Int>) {
        self.index = index
        type = chunk.type.rawValue
        timestamp = chunk.timestamp
        duration = chunk.duration
        (offset, size) = (range.lowerBound, range.count)
        temporalLayerId = chunk.temporalLayerId
        quantizer = chunk.quantizer
        decoderConfig = chunk.decoderConfig.map(DecoderConfigObject.init)
    }
}

/// WebCodecs' `VideoDecoderConfig` as JSON; the description, which is bytes there, in base64.
struct DecoderConfigObject: Encodable {
    let codec: String
    let codedWidth: Int
    let codedHeight: Int
    let displayAspectWidth: Int?
    let displayAspectHeight: Int?
    let colorSpace: ColorSpaceObject
    let description: String?

    init(_ config: DecoderConfig) {
        codec = config.codec
        (codedWidth, codedHeight) = (config.codedWidth, config.codedHeight)
        let ratio = config.pixelAspectRatio
        displayAspectWidth = ratio == .square ? nil : config.codedWidth * ratio.width
        displayAspectHeight = ratio == .square ? nil : config.codedHeight * ratio.height
        colorSpace = ColorSpaceObject(config.colorSpace)
        description = config.description.map(JSON.base64)
    }
}

/// WebCodecs' `VideoColorSpaceInit`: what is unspecified is not there.
struct ColorSpaceObject: Encodable {
    let primaries: String?
    let transfer: String?
    let matrix: String?
    let fullRange: Bool

    init(_ color: VideoColorSpace) {
        primaries = color.primaries == .unspecified ? nil : color.primaries.description
        transfer = color.transfer == .unspecified ? nil : color.transfer.description
        matrix = color.matrix == .unspecified ? nil : color.matrix.description
        fullRange = color.fullRange
    }
}
