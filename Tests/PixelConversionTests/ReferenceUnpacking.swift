import PixelConversion
import VideoTypes

/// RGB of a YUV picture by the formulas of ITU-T H.273, in double precision, with chroma interpolated linearly from its
/// location.
struct ReferenceUnpacking {
    let planes: SamplePlanes
    let source: PictureLayout
    let color: VideoColorSpace
    let location: ChromaLocation

    init(_ source: PictureLayout, _ bytes: [UInt8], color: VideoColorSpace, location: ChromaLocation) {
        planes = SamplePlanes(source, bytes)
        (self.source, self.color, self.location) = (source, color, location)
    }

    /// Red, green and blue in 255ths, neither rounded nor clamped, and alpha.
    func pixel(_ x: Int, _ y: Int) -> [Double] {
        let alpha = source.format.hasAlpha ? Double(planes[3, x, y]) : 255
        if source.format.isGray {
            return [Double](repeating: Double(planes[0, x, y]) * 255 / most, count: 3) + [alpha]
        }
        let luma = (Double(planes[0, x, y]) - black) / lumaRange
        if color.matrix == .rgb {
            let (blue, red) = ((chroma(1, x, y) - black) / lumaRange, (chroma(2, x, y) - black) / lumaRange)
            return [red, luma, blue].map { $0 * 255 } + [alpha]
        }
        let (pb, pr) = ((chroma(1, x, y) - middle) / chromaRange, (chroma(2, x, y) - middle) / chromaRange)
        let red = luma + 2 * (1 - kr) * pr
        let blue = luma + 2 * (1 - kb) * pb
        let green = (luma - kr * red - kb * blue) / (1 - kr - kb)
        return [red, green, blue].map { $0 * 255 } + [alpha]
    }

    /// Chroma at a luma sample.
    private func chroma(_ index: Int, _ x: Int, _ y: Int) -> Double {
        let chroma = source.format.chroma ?? .yuv444
        let halvesColumns = chroma != .yuv444
        let halvesRows = chroma == .yuv420
        let column = halvesColumns ? (Double(x) - ([1, 3, 5].contains(location.rawValue) ? 0.5 : 0)) / 2 : Double(x)
        let firstRow = location.rawValue < 2 ? 0.5 : location.rawValue < 4 ? 0 : 1
        let row = halvesRows ? (Double(y) - firstRow) / 2 : Double(y)
        let (left, top) = (column.rounded(.down), row.rounded(.down))
        let (right, down) = (column - left, row - top)
        func sample(_ dx: Int, _ dy: Int) -> Double {
            let x = min(max(Int(left) + dx, 0), planes.width(index) - 1)
            return Double(planes[index, x, min(max(Int(top) + dy, 0), planes.height(index) - 1)])
        }
        let upper = sample(0, 0) * (1 - right) + sample(1, 0) * right
        let lower = sample(0, 1) * (1 - right) + sample(1, 1) * right
        return upper * (1 - down) + lower * down
    }

    private var step: Double { Double(1 << (planes.depth - 8)) }
    private var most: Double { Double(planes.most) }
    private var black: Double { color.fullRange ? 0 : 16 * step }
    private var middle: Double { 128 * step }
    private var lumaRange: Double { color.fullRange ? most : 219 * step }
    private var chromaRange: Double { color.fullRange ? most : 224 * step }

    // Written down again, so that a slip in the module's table shows.
    private var kr: Double { color.matrix == .bt709 ? 0.2126 : color.matrix == .bt2020NCL ? 0.2627 : 0.299 }
    private var kb: Double { color.matrix == .bt709 ? 0.0722 : color.matrix == .bt2020NCL ? 0.0593 : 0.114 }
}
