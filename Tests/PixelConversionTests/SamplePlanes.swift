import VideoTypes

/// The samples of a picture by component: the channels of packed pixels, or luma, chroma and alpha in any layout.
struct SamplePlanes {
    /// The positions of the samples of one component, in bytes.
    private struct Component {
        var plane: PictureLayout.Plane
        var step: Int
        var offset: Int
    }

    private let format: PixelFormat
    private let bytes: [UInt8]
    private let components: [Component]

    var count: Int { components.count }
    var depth: Int { format.bitDepth }
    var most: Int { (1 << format.bitDepth) - 1 }

    init(_ layout: PictureLayout, _ bytes: [UInt8]) {
        (format, self.bytes) = (layout.format, bytes)
        let size = layout.format.bytesPerSample
        switch layout.format.components {
        case .packedRGB(let pixel, _, _, _):
            components = (0..<pixel).map { Component(plane: layout.planes[0], step: pixel, offset: $0) }
        case .gray, .planar, .planarWithAlpha:
            components = layout.planes.map { Component(plane: $0, step: size, offset: 0) }
        case .semiPlanar:
            components =
                [Component(plane: layout.planes[0], step: size, offset: 0)]
                + [0, size].map { Component(plane: layout.planes[1], step: 2 * size, offset: $0) }
        }
    }

    func width(_ index: Int) -> Int { components[index].plane.rowBytes / components[index].step }
    func height(_ index: Int) -> Int { components[index].plane.rows }

    /// A sample's value, or the depth's largest if it is more.
    subscript(index: Int, x: Int, y: Int) -> Int {
        let component = components[index]
        let place = component.plane.offset + y * component.plane.stride + x * component.step + component.offset
        guard format.bytesPerSample == 2 else { return Int(bytes[place]) }
        let word = Int(bytes[place]) | Int(bytes[place + 1]) << 8
        return min(format == .p010 ? word >> 6 : word, most)
    }

    func plane(_ index: Int) -> ReferencePlane {
        ReferencePlane(width: width(index), height: height(index)) { x, y in Double(self[index, x, y]) }
    }
}
