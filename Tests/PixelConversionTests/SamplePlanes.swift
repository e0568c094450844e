import VideoTypes

/// The samples of a picture by component: the channels of packed pixels, red, green and blue in any other layout of them, or luma,
/// chroma and alpha in any layout.
struct SamplePlanes {
    /// The positions of the samples of one component, in bytes.
    private struct Component {
        var plane: PictureLayout.Plane
        var step: Int
        var offset: Int
        var columns: Int
        /// The lowest bit in a word that holds several samples.
        var shift = 0
    }

    private let format: PixelFormat
    private let bytes: [UInt8]
    private let components: [Component]
    private let rows: [Int]

    var count: Int { components.count }
    var depth: Int { format.bitDepth }
    /// The largest value; floats count in steps of 1/65536.
    var most: Int { format.isFloat ? 65536 : (1 << format.bitDepth) - 1 }

    init(_ layout: PictureLayout, _ bytes: [UInt8]) {
        (format, self.bytes) = (layout.format, bytes)
        components = Self.components(layout)
        rows = components.map(\.plane.rows)
    }

    private static func components(_ layout: PictureLayout) -> [Component] {
        let (planes, width, size) = (layout.planes, layout.size.width, layout.format.bytesPerSample)
        func component(_ plane: Int, step: Int, offset: Int = 0) -> Component {
            Component(plane: planes[plane], step: step, offset: offset, columns: planes[plane].rowBytes / step)
        }
        let chroma = layout.format.swapsChroma ? [1, 0] : [0, 1]
        switch layout.format.components {
        case .packedRGB(let pixel, _, _, _):
            return (0..<pixel).map { component(0, step: pixel, offset: $0) }
        case .deepRGB(.samples(let count, let red, let green, let blue)):
            let places = [red, green, blue] + (layout.format.hasAlpha ? [3] : [])
            return places.map { component(0, step: count * size, offset: $0 * size) }
        case .deepRGB(.bits(let red, let green, let blue)):
            return [red, green, blue].map { shift in
                var component = component(0, step: 4)
                component.shift = shift
                return component
            }
        case .deepRGB(.planes):
            return ([2, 0, 1] + (layout.format.hasAlpha ? [3] : [])).map { component($0, step: size) }
        case .planar where layout.format.swapsChroma:
            return [0, 2, 1].map { component($0, step: size) }
        case .gray, .planar, .planarWithAlpha:
            return planes.indices.map { component($0, step: size) }
        case .semiPlanar:
            return [component(0, step: size)] + chroma.map { component(1, step: 2 * size, offset: $0 * size) }
        case .packedYUV(let arrangement):
            let luma = arrangement == .chromaFirst ? 1 : 0
            let (step, offsets) = arrangement == .v210 ? (0, [0, 0, 0]) : (4, [luma, 1 - luma, 3 - luma])
            return offsets.enumerated().map { index, offset in
                Component(
                    plane: planes[0],
                    step: index == 0 ? step / 2 : step,
                    offset: offset,
                    columns: index == 0 ? width : (width + 1) / 2
                )
            }
        }
    }

    func width(_ index: Int) -> Int { components[index].columns }
    func height(_ index: Int) -> Int { rows[index] }

    /// A sample's value, or the depth's largest if it is more.
    subscript(index: Int, x: Int, y: Int) -> Int {
        let component = components[index]
        let row = component.plane.offset + y * component.plane.stride
        if format == .v210 { return deckLinkSample(index, x, row) }
        let place = row + x * component.step + component.offset
        if case .deepRGB(.bits) = format.components { return Int(word(place) >> UInt32(component.shift) & 1023) }
        if format.isFloat {
            let value = Float(bitPattern: word(place))
            return value.isNaN ? 0 : Int(min(max(Double(value), 0), 1) * 65536)
        }
        guard format.bytesPerSample == 2 else { return Int(bytes[place]) }
        let sample = Int(bytes[place]) | Int(bytes[place + 1]) << 8
        return min(sample >> format.lowZeroBits, most)
    }

    /// The order of the twelve samples of six pixels is Cb Y Cr Y, three in a word.
    private func deckLinkSample(_ index: Int, _ x: Int, _ row: Int) -> Int {
        let number = index == 0 ? 2 * x + 1 : index == 1 ? 4 * x : 4 * x + 2
        return Int(word(row + number / 3 * 4) >> UInt32(10 * (number % 3)) & 1023)
    }

    private func word(_ place: Int) -> UInt32 {
        (0..<4).reduce(0) { $0 | UInt32(bytes[place + $1]) << UInt32(8 * $1) }
    }

    func plane(_ index: Int) -> ReferencePlane {
        ReferencePlane(width: width(index), height: height(index)) { x, y in Double(self[index, x, y]) }
    }
}
