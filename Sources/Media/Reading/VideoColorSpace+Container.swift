internal import VideoTypes

extension VideoColorSpace {
    /// Values that the bitstream does not store, from the container. VP8 and VP9 cannot store most colors, so the container's
    /// colors have priority there.
    func completed(by container: VideoColorSpace, _ codec: VideoCodec) -> VideoColorSpace {
        let isVague = [.vp8, .vp9].contains(codec)
        var color = self
        if container.primaries != .unspecified, isVague || primaries == .unspecified {
            color.primaries = container.primaries
        }
        if container.transfer != .unspecified, isVague || transfer == .unspecified {
            color.transfer = container.transfer
        }
        // Where the planes are RGB, the matrix is the bitstream's own business.
        if container.matrix != .unspecified, matrix == .unspecified || (isVague && matrix != .rgb) {
            color.matrix = container.matrix
        }
        if self == .unspecified { color.fullRange = container.fullRange }
        return color
    }
}
