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

    /// The sample, or the nearest one outside of the picture.
    subscript(x: Int, y: Int) -> Double {
        samples[min(max(y, 0), height - 1) * width + min(max(x, 0), width - 1)]
    }

    func mapped(_ body: (Double) -> Double) -> ReferencePlane {
        ReferencePlane(width: width, height: height) { x, y in body(self[x, y]) }
    }

    func halvedRows() -> ReferencePlane {
        // An odd last row is not averaged.
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

/// The conversion by the formulas of ITU-T H.273, in double precision, over whole pictures, one sample after the other.
struct ReferenceConversion {
    let source: PictureLayout
    let target: PixelFormat
    let color: VideoColorSpace
    let location: ChromaLocation
    let alpha: AlphaTreatment

    /// Y, Cb and Cr of the source's size, and alpha if the target has it, in the target's values.
    func planes(of bytes: [UInt8]) -> [ReferencePlane] {
        let colors = signals(bytes)
        return [quantized(colors[0], black, lumaRange)]
            + colors[1...].map { quantized($0, middle, chromaRange) } + (target.hasAlpha ? [transparency(bytes)] : [])
    }

    /// E'Y of 0...1, and E'PB and E'PR of -0.5...0.5.
    private func signals(_ bytes: [UInt8]) -> [ReferencePlane] {
        let planes = SamplePlanes(source, bytes)
        switch source.format.components {
        case .packedRGB(_, let red, let green, let blue):
            let alpha = source.format.hasAlpha ? ([0, 1, 2, 3] as Set).subtracting([red, green, blue]).first : nil
            return rgb([red, green, blue].map { treated(planes, channel: $0, alpha: alpha, [red, green, blue]) })
        case .deepRGB:
            let alpha = source.format.hasAlpha ? 3 : nil
            let channels = (0..<3).map { treated(planes, channel: $0, alpha: alpha, [0, 1, 2]) }
            return rgb(channels.map { $0.mapped { $0 * 255 / Double(planes.most) } })
        case .gray:
            let luma = planes.plane(0).mapped { $0 / Double(planes.most) }
            let chroma = luma.mapped { _ in 0 }.subsampled(from: .yuv444, to: subsampling, location)
            return [luma, chroma, chroma]
        case .planar, .semiPlanar, .planarWithAlpha, .packedYUV:
            let from = source.format.chroma ?? .yuv444
            return (0..<3).map { index in
                let unit = Double(color.fullRange ? planes.most : (index == 0 ? 219 : 224) << (planes.depth - 8))
                let zero = index == 0 ? (color.fullRange ? 0 : 16 << (planes.depth - 8)) : 128 << (planes.depth - 8)
                let plane = planes.plane(index).mapped { ($0 - Double(zero)) / unit }
                return index == 0 ? plane : plane.subsampled(from: from, to: subsampling, location)
            }
        }
    }

    private var subsampling: ChromaSubsampling { target.chroma ?? .yuv444 }

    /// A color of packed pixels, which its alpha has done with what it does: rounded to its bits if it has 8.
    private func treated(_ planes: SamplePlanes, channel: Int, alpha place: Int?, _ places: [Int]) -> ReferencePlane {
        let colors = planes.plane(channel)
        guard let place else { return colors }
        let (alphas, most) = (planes.plane(place), Double(planes.most))
        func rounded(_ value: Double) -> Double {
            min(
                most,
                source.format.bytesPerSample > 1 || source.planes.count > 1
                    ? value : (value + 0.5 + 1e-9).rounded(.down)
            )
        }
        return ReferencePlane(width: colors.width, height: colors.height) { x, y in
            let (value, alpha) = (colors[x, y], alphas[x, y])
            switch self.alpha {
            case .ignore, .keep(premultiplied: false): return value
            case .keep(premultiplied: true):
                return alpha == 0 ? 0 : rounded(value * most / alpha)
            case .composite(let color, let premultiplied):
                let channels = [color.red, color.green, color.blue].map { Double($0) * most / 255 }
                let background = channels[places.firstIndex(of: channel) ?? 0] * (most - alpha) / most
                return rounded(background + (premultiplied ? value : value * alpha / most))
            }
        }
    }

    private func transparency(_ bytes: [UInt8]) -> ReferencePlane {
        let planes = SamplePlanes(source, bytes)
        let opaque = ReferencePlane(width: source.size.width, height: source.size.height) { _, _ in 255 }
        if case .composite = alpha { return opaque }
        switch source.format.components {
        case .packedRGB(_, let red, _, let blue) where source.format.hasAlpha:
            return planes.plane(min(red, blue) == 1 ? 0 : 3)
        case .deepRGB where source.format.hasAlpha: return planes.plane(3).mapped { $0 * 255 / Double(planes.most) }
        case .planarWithAlpha: return planes.plane(3)
        default: return opaque
        }
    }

    private func rgb(_ channels: [ReferencePlane]) -> [ReferencePlane] {
        let filtered = channels.map { $0.subsampled(from: .yuv444, to: subsampling, location) }
        let luma = combine(channels) { r, g, b in (kr * r + kg * g + kb * b) / 255 }
        let cb = combine(filtered) { r, g, b in (b - (kr * r + kg * g + kb * b)) / (2 * (1 - kb)) / 255 }
        let cr = combine(filtered) { r, g, b in (r - (kr * r + kg * g + kb * b)) / (2 * (1 - kr)) / 255 }
        return [luma, cb, cr]
    }

    private func quantized(_ signal: ReferencePlane, _ zero: Double, _ range: Double) -> ReferencePlane {
        signal.mapped { zero + range * $0 }
    }

    private func combine(
        _ channels: [ReferencePlane],
        _ body: (Double, Double, Double) -> Double
    ) -> ReferencePlane {
        ReferencePlane(width: channels[0].width, height: channels[0].height) { x, y in
            body(channels[0][x, y], channels[1][x, y], channels[2][x, y])
        }
    }

    private var step: Double { Double(1 << (target.bitDepth - 8)) }
    private var black: Double { color.fullRange ? 0 : 16 * step }
    private var middle: Double { 128 * step }
    private var lumaRange: Double { color.fullRange ? 256 * step - 1 : 219 * step }
    private var chromaRange: Double { color.fullRange ? 256 * step - 1 : 224 * step }
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
