internal import VideoTypes

/// What the readers of H.264 and HEVC have in common: their encoders write Annex B, whatever the output format is.
protocol NALUnitReading: StreamReading {
    static var codec: VideoCodec { get }
    /// The chunks are in Annex B too; else lengths are before their NAL units.
    var isAnnexB: Bool { get }
    var orientation: Orientation { get }
    /// Keeps the parameter sets among NAL units.
    mutating func takeParameterSets(_ units: [ArraySlice<UInt8>]) throws(BitstreamError)
    /// Makes a chunk of the NAL units of a packet.
    mutating func accessUnit(_ units: [ArraySlice<UInt8>]) throws(BitstreamError) -> CodedPicture
}

extension NALUnitReading {
    package mutating func readHeaders(_ bytes: [UInt8]) throws(EncoderError) {
        do throws(BitstreamError) {
            try takeParameterSets(AnnexB.split(bytes))
        } catch {
            throw .unreadable("the encoder's parameter sets", error)
        }
    }

    package mutating func read(_ bytes: [UInt8], isKey: Bool) throws(EncoderError) -> CodedPicture {
        do throws(BitstreamError) {
            return try accessUnit(AnnexB.split(bytes))
        } catch {
            throw .unreadable("an access unit of \(Self.codec.name)", error)
        }
    }

    package func append(_ unit: ArraySlice<UInt8>, to data: inout [UInt8]) {
        guard isAnnexB else { return LengthPrefixed.append(unit, to: &data) }
        data += [0, 0, 0, 1]
        data += unit
    }

    package func decoderConfig(_ sps: some CodedSequence, codec: String, description: [UInt8]?) -> DecoderConfig {
        var config = DecoderConfig(
            codec: codec,
            codedWidth: sps.croppedSize.width,
            codedHeight: sps.croppedSize.height,
            pixelAspectRatio: sps.pixelAspectRatio,
            colorSpace: sps.colorSpace,
            description: description
        )
        config.orientation = orientation
        return config
    }
}

/// What sequence parameter sets specify about the pictures.
protocol CodedSequence {
    var croppedSize: PictureSize { get }
    var pixelAspectRatio: PixelAspectRatio { get }
    var colorSpace: VideoColorSpace { get }
}

extension SequenceParameterSet: CodedSequence {}
extension HEVCSequenceParameterSet: CodedSequence {}
