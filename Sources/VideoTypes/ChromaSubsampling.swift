/// How many luma samples share a chroma sample.
public enum ChromaSubsampling: String, CaseIterable, Hashable, Sendable {
    /// 4:2:0: chroma has half the columns and half the rows.
    case yuv420 = "420"
    /// 4:2:2: chroma has half the columns.
    case yuv422 = "422"
    /// 4:4:4: chroma has every sample.
    case yuv444 = "444"

    /// What people call it: `4:2:0`.
    public var name: String { rawValue.map(String.init).joined(separator: ":") }

    /// Chroma samples in a row. Odd luma widths round up, so that the last luma column has a chroma sample.
    public func chromaWidth(ofLuma width: Int) -> Int { self == .yuv444 ? width : (width + 1) / 2 }

    /// Chroma rows. Odd luma heights round up.
    public func chromaHeight(ofLuma height: Int) -> Int { self == .yuv420 ? (height + 1) / 2 : height }

    /// `chroma_format_idc` (H.264 table 6-1).
    public var chromaFormatIdc: Int {
        switch self {
        case .yuv420: 1
        case .yuv422: 2
        case .yuv444: 3
        }
    }

    /// The divisors of a picture's sides without half chroma samples.
    public var sizeMultiple: PictureSize {
        PictureSize(width: self == .yuv444 ? 1 : 2, height: self == .yuv420 ? 2 : 1)
    }
}
