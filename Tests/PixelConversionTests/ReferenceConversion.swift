import PixelConversion
import VideoTypes

/// A plane of samples that are not rounded.
struct ReferencePlane {
    let width: Int
    let height: Int
    private var samples: [Double]

    init(width: Int, height: Int, _ sample: (_ x: Int, _ y: Int) -> Double) {
        (self.width, self.height) = (width, height)
        samples = (0..<height).flatMap { y in (0..<width).map { x in sample(x, y) } }
    }

    /// The sample, or the nearest one if there is none.
    subscript(x: Int, y: Int) -> Double {
        samples[min(max(y, 0), height - 1) * width + min(max(x, 0), width - 1)]
    }

    func halvedRows() -> ReferencePlane {
        // An odd last row stands for itself.
        ReferencePlane(width: width, height: (height + 1) / 2) { x, y in
            (self[x, 2 * y] + self[x, 2 * y + 1]) / 2
        }
    }

    func halvedColumns(_ location: ChromaLocation) -> ReferencePlane {
        ReferencePlane(width: (width + 1) / 2, height: height) { x, y in
            location == .left
                ? (self[2 * x - 1, y] + 2 * self[2 * x, y] + self[2 * x + 1, y]) / 4
                : (self[2 * x, y] + self[2 * x + 1, y]) / 2
        }
    }

    func subsampled(from: ChromaSubsampling, to: ChromaSubsampling, _ location: ChromaLocation) -> ReferencePlane {
        let columns = from == .yuv444 && to != .yuv444 ? halvedColumns(location) : self
        return from != .yuv420 && to == .yuv420 ? columns.halvedRows() : columns
    }
}

/// The conversion as ITU-T H.273 says it, in double precision, over whole pictures, one sample after the other.
struct ReferenceConversion {
    let source: PictureLayout
    let chroma: ChromaSubsampling
    let color: VideoColorSpace
    let location: ChromaLocation

    /// Y, Cb and Cr of the source's size; for semi-planar formats, the two chroma planes of their pairs.
    func planes(of bytes: [UInt8]) -> [ReferencePlane] {
        switch source.format.components {
        case .packedRGB(let pixel, let red, let green, let blue):
            rgb([red, green, blue].map { channel(of: bytes, plane: 0, step: pixel, place: $0) })
        case .gray:
            gray(channel(of: bytes, plane: 0, step: 1, place: 0))
        case .planar(let from):
            (0..<3).map { index in
                let plane = channel(of: bytes, plane: index, step: 1, place: 0)
                return index == 0 ? plane : plane.subsampled(from: from, to: chroma, location)
            }
        case .semiPlanar:
            [
                channel(of: bytes, plane: 0, step: 1, place: 0), channel(of: bytes, plane: 1, step: 2, place: 0),
                channel(of: bytes, plane: 1, step: 2, place: 1),
            ]
        }
    }

    private func channel(of bytes: [UInt8], plane index: Int, step: Int, place: Int) -> ReferencePlane {
        let plane = source.planes[index]
        return ReferencePlane(width: plane.rowBytes / step, height: plane.rows) { x, y in
            Double(bytes[plane.offset + y * plane.stride + x * step + place])
        }
    }

    private func rgb(_ channels: [ReferencePlane]) -> [ReferencePlane] {
        let filtered = channels.map { $0.subsampled(from: .yuv444, to: chroma, location) }
        let luma = combine(channels) { r, g, b in black + lumaRange * (kr * r + kg * g + kb * b) / 255 }
        let cb = combine(filtered) { r, g, b in
            128 + chromaRange * (b - (kr * r + kg * g + kb * b)) / (2 * (1 - kb)) / 255
        }
        let cr = combine(filtered) { r, g, b in
            128 + chromaRange * (r - (kr * r + kg * g + kb * b)) / (2 * (1 - kr)) / 255
        }
        return [luma, cb, cr]
    }

    private func gray(_ plane: ReferencePlane) -> [ReferencePlane] {
        let luma = combine([plane, plane, plane]) { value, _, _ in black + lumaRange * value / 255 }
        let neutral = ReferencePlane(
            width: chroma.chromaWidth(ofLuma: plane.width),
            height: chroma.chromaHeight(ofLuma: plane.height)
        ) { _, _ in 128 }
        return [luma, neutral, neutral]
    }

    private func combine(
        _ channels: [ReferencePlane],
        _ body: (Double, Double, Double) -> Double
    ) -> ReferencePlane {
        ReferencePlane(width: channels[0].width, height: channels[0].height) { x, y in
            body(channels[0][x, y], channels[1][x, y], channels[2][x, y])
        }
    }

    private var black: Double { color.fullRange ? 0 : 16 }
    private var lumaRange: Double { color.fullRange ? 255 : 219 }
    private var chromaRange: Double { color.fullRange ? 255 : 224 }
    private var kg: Double { 1 - kr - kb }

    /// Written down again, so that a slip in the module's table shows.
    private var kr: Double {
        switch color.matrix {
        case .bt709: 0.2126
        case .bt2020NCL: 0.2627
        default: 0.299
        }
    }

    private var kb: Double {
        switch color.matrix {
        case .bt709: 0.0722
        case .bt2020NCL: 0.0593
        default: 0.114
        }
    }
}
