/// One line of `--chunks`: what a browser needs, beside the stream itself, to feed WebCodecs' `VideoDecoder`.
///
/// `alphaSize` is the size of the chunk's transparency, which stands in the container only and has no place of its own.
struct ChunkLine: Encodable {
    let index: Int
    let type: String
    let timestamp: Int64
    let duration: Int64?
    /// Where the chunk stands; `nil` until the container has told.
    private var offset: Int?
    private var size: Int?
    let alphaSize: Int?
    let temporalLayerId: Int
    let quantizer: Int?
    let qindex: Int?
    let decoderConfig: DecoderConfigObject?

    init(_ chunk: EncodedVideoChunk, index: Int) {
        self.index = index
        type = chunk.type.rawValue
        timestamp = chunk.timestamp
        duration = chunk.duration
        alphaSize = chunk.alphaData?.count
        temporalLayerId = chunk.temporalLayerId
        quantizer = chunk.quantizer
        qindex = chunk.quantizerIndex
        decoderConfig = chunk.decoderConfig.map(DecoderConfigObject.init)
    }

    /// The line, whole.
    func placed(at range: Range<Int>) -> ChunkLine {
        var line = self
        (line.offset, line.size) = (range.lowerBound, range.count)
        return line
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
    let rotation: Int?
    let flip: Bool?
    let description: String?

    init(_ config: DecoderConfig) {
        codec = config.codec
        (codedWidth, codedHeight) = (config.codedWidth, config.codedHeight)
        let ratio = config.pixelAspectRatio
        displayAspectWidth = ratio == .square ? nil : config.codedWidth * ratio.width
        displayAspectHeight = ratio == .square ? nil : config.codedHeight * ratio.height
        colorSpace = ColorSpaceObject(config.colorSpace)
        let isUpright = config.orientation == .upright
        rotation = isUpright ? nil : config.orientation.rotation.rawValue
        flip = isUpright ? nil : config.orientation.flip
        description = config.description.map(JSON.base64)
    }
}

/// WebCodecs' `VideoColorSpaceInit`: what is unspecified, or has no name there, is not there.
struct ColorSpaceObject: Codable, Hashable {
    let primaries: String?
    let transfer: String?
    let matrix: String?
    let fullRange: Bool

    init(_ color: VideoColorSpace) {
        primaries = color.primaries.webCodecsName
        transfer = color.transfer.webCodecsName
        matrix = color.matrix.webCodecsName
        fullRange = color.fullRange
    }
}
