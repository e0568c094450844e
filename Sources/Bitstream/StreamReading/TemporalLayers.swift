package import VideoTypes

/// Which temporal layer each unit of a stream belongs to.
///
/// AV1 and HEVC store it in the bitstream. H.264, VP8 and VP9 do not: their layer follows from the scalability mode and from
/// the number of pictures since the last key frame, which restarts the pattern.
package struct TemporalLayers: Sendable {
    private let codec: VideoCodec
    private let mode: ScalabilityMode?
    private let framing: NALUnitFraming
    /// Pictures since the last key frame; `nil` before the first.
    private var picturesSinceKey: Int?

    /// The layers of a stream from its beginning on.
    ///
    /// - Parameters:
    ///   - codec: The codec.
    ///   - mode: The mode that the stream was made with. It must be given for H.264, VP8 and VP9, and is not looked at for
    ///     the others.
    ///   - lengthSize: Bytes of a NAL unit's length (1, 2 or 4); `nil`, the default, means start codes.
    /// - Throws: `unsupported` if the mode must be known, or has other than temporal layers.
    package init(codec: VideoCodec, mode: ScalabilityMode?, lengthSize: Int? = nil) throws(BitstreamError) {
        if [.h264, .vp8, .vp9].contains(codec) {
            guard let mode else {
                let what = "\(codec.name) does not store temporal layers in the stream"
                throw BitstreamError(.unsupported, what, at: .byte(0), expected: "a scalability mode")
            }
            guard mode.isTemporalOnly else {
                throw BitstreamError(
                    .unsupported,
                    "scalability mode \(mode)",
                    at: .byte(0),
                    expected: "L1T1, L1T2, L1T3"
                )
            }
        }
        (self.codec, self.mode, framing) = (codec, mode, NALUnitFraming(lengthSize: lengthSize))
    }

    /// The layer of the next unit.
    ///
    /// - Parameter unit: An access unit, a temporal unit, or a VP8 or VP9 frame.
    /// - Returns: The layer, 0 being the base; `nil` for a unit without a picture.
    package mutating func layer(of unit: [UInt8]) throws(BitstreamError) -> Int? {
        switch codec {
        case .av1: try Self.av1Layer(of: unit)
        case .hevc: try hevcLayer(of: unit)
        case .h264: try avcIsKey(unit).map { isKey throws(BitstreamError) in try count(isKey: isKey) }
        case .vp8, .vp9: try count(isKey: VPXUnit(parsing: unit, codec).isKey)
        }
    }

    /// The layer of the next picture, from the pattern.
    private mutating func count(isKey: Bool) throws(BitstreamError) -> Int {
        guard let number = isKey ? 0 : picturesSinceKey.map({ $0 + 1 }) else {
            throw BitstreamError(
                .invalid,
                "the first picture is not a key frame",
                at: .byte(0),
                expected: "a key frame"
            )
        }
        picturesSinceKey = number
        return mode?.temporalLayer(ofFrame: number) ?? 0
    }

    /// Whether the picture is an IDR picture; `nil` without one.
    private func avcIsKey(_ unit: [UInt8]) throws(BitstreamError) -> Bool? {
        for nalUnit in try framing.split(unit) {
            let header = try NALUnitHeader(parsing: nalUnit)
            if header.type.isVCL { return header.type == .idrSlice }
        }
        return nil
    }

    /// `nuh_temporal_id_plus1` minus 1 of the first slice (H.265 7.3.1.2), which all slices of a picture share.
    private func hevcLayer(of unit: [UInt8]) throws(BitstreamError) -> Int? {
        for nalUnit in try framing.split(unit) {
            let header = try HEVCNALUnitHeader(parsing: nalUnit)
            if header.type.isVCL { return header.temporalID }
        }
        return nil
    }

    /// The highest `temporal_id` of the frames (AV1 5.3.3).
    private static func av1Layer(of unit: [UInt8]) throws(BitstreamError) -> Int? {
        try AV1TemporalUnit(parsing: unit).obus.lazy.filter(\.type.isPicture).map(\.temporalID).max()
    }
}
