package import VideoTypes

/// Drops the upper temporal layers of a stream, unit by unit.
///
/// No unit that is kept refers to one that is dropped, so the kept units decode to the same pictures.
package struct TemporalLayerFilter: Sendable {
    private var layers: TemporalLayers
    private let maxTemporalLayer: Int

    /// A filter at the beginning of a stream.
    ///
    /// - Parameters:
    ///   - codec: The codec.
    ///   - mode: As in ``TemporalLayers/init(codec:mode:lengthSize:)``.
    ///   - maxTemporalLayer: The highest layer to keep, 0 or more; 0 is the base layer.
    ///   - lengthSize: Bytes of a NAL unit's length (1, 2 or 4); `nil`, the default, means start codes.
    package init(
        codec: VideoCodec,
        mode: ScalabilityMode?,
        maxTemporalLayer: Int,
        lengthSize: Int? = nil
    ) throws(BitstreamError) {
        layers = try TemporalLayers(codec: codec, mode: mode, lengthSize: lengthSize)
        self.maxTemporalLayer = maxTemporalLayer
    }

    /// Whether to keep the next unit; one without a picture is kept.
    package mutating func keeps(_ unit: [UInt8]) throws(BitstreamError) -> Bool {
        try layers.layer(of: unit).map { $0 <= maxTemporalLayer } ?? true
    }
}
