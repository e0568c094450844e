internal import Ingest
internal import PixelConversion
internal import Threading
internal import VideoTypes

/// Brings the rows and samples of raw pictures into their order, and converts the result.
final class ArrangingConverter: PictureConverter {
    private let arranger: RowArranger
    private let conversion: PictureConversion
    private let arranged: Monitor<PlaneBuffer>

    /// - Parameters:
    ///   - arranger: What comes first.
    ///   - conversion: What follows.
    init(_ arranger: RowArranger, _ conversion: PictureConversion) {
        (self.arranger, self.conversion) = (arranger, conversion)
        let isLast = if case .none = conversion { true } else { false }
        arranged = Monitor(PlaneBuffer(byteCount: isLast ? 0 : arranger.target.byteCount))
    }

    func convert(_ source: RawSpan, into target: inout MutableRawSpan) {
        if case .none = conversion { return arranger.arrange(source, into: &target) }
        arranged.withLock { picture in
            picture.withMutableBytes { arranger.arrange(source, into: &$0) }
            picture.withBytes { conversion.convert($0, into: &target) }
        }
    }
}
