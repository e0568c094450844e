internal import Bitstream
internal import VideoTypes

/// Changes to the description before the first chunk, and to the chunks.
struct DecoderPreparation: Sendable {
    let description: [UInt8]?
    /// The size that the container has, for H.264.
    let size: PictureSize?
    private let codec: VideoCodec
    private var sequence: SequenceParameterSet?
    private var selection: SEISelection?

    init(_ codec: VideoCodec, _ config: DecoderConfig?, description: [UInt8]?) {
        (self.codec, self.description) = (codec, description)
        size = codec == .h264 ? config.map { PictureSize(width: $0.codedWidth, height: $0.codedHeight) } : nil
        switch codec {
        case .h264:
            let record = description.flatMap { try? AVCDecoderConfigurationRecord(parsing: $0) }
            sequence = record?.sequenceParameterSets.first.flatMap { try? SequenceParameterSet(parsing: $0) }
            selection = SEISelection(isHEVC: false, lengthSize: record?.lengthSize)
        case .hevc:
            let record = description.flatMap { try? HEVCDecoderConfigurationRecord(parsing: $0) }
            selection = SEISelection(isHEVC: true, lengthSize: record?.lengthSize)
        case .vp8, .vp9, .av1: break
        }
    }

    /// Waiting for the first chunk is not necessary: it has information only for H.264 without a description.
    var isComplete: Bool { codec != .h264 || description != nil }

    /// H.264's pictures that may come before one that they are shown after; `nil` where that is not known, or the decoder's
    /// own business.
    var reorderDepth: Int? { sequence?.reorderDepth }

    /// A chunk's bytes as the decoder is to have them.
    mutating func prepared(_ data: [UInt8]) -> [UInt8] {
        if codec == .h264, sequence == nil, description == nil {
            sequence = AnnexB.split(data).lazy.compactMap { try? SequenceParameterSet(parsing: $0) }.first
        }
        return selection?.selected(data) ?? data
    }
}

extension DecoderContext {
    /// Opens it as was prepared.
    mutating func open(_ preparation: DecoderPreparation) throws(DecoderError) {
        try open(
            description: preparation.description,
            size: preparation.size,
            reorderDepth: preparation.reorderDepth
        )
    }
}
