internal import Ingest
internal import PixelConversion
internal import Threading
internal import VideoTypes

/// Makes planes of 4:2:2 of pictures, and puts those into one plane.
final class PackingConverter: PictureConverter {
    private let conversion: PictureConversion
    private let packer: YUVPacker
    private let planes: Monitor<PlaneBuffer>

    /// - Parameters:
    ///   - conversion: Makes the packer's source.
    ///   - packer: What follows.
    init(_ conversion: PictureConversion, _ packer: YUVPacker) {
        (self.conversion, self.packer) = (conversion, packer)
        let isFirst = if case .none = conversion { true } else { false }
        planes = Monitor(PlaneBuffer(byteCount: isFirst ? 0 : packer.source.byteCount))
    }

    func convert(_ source: RawSpan, into target: inout MutableRawSpan) {
        if case .none = conversion { return packer.pack(source, into: &target) }
        planes.withLock { planes in
            planes.withMutableBytes { conversion.convert(source, into: &$0) }
            planes.withBytes { packer.pack($0, into: &target) }
        }
    }
}
