/// An OpenEXR file of scan lines that is written here, byte by byte, as ffmpeg writes only some kinds (OpenEXR file layout).
package struct EXRFile {
    /// Types of channels, by their numbers.
    package enum Kind: Int {
        case uint = 0
        case half = 1
        case float = 2

        var bytes: Int { self == .half ? 2 : 4 }
    }

    /// Channels in the order of their names, as the format wants it.
    package var channels: [(name: String, kind: Kind)]
    /// The number of the compression; the samples are stored as they are, whatever it is.
    package var compression = 0
    /// Whether the header has a description of tiles, of which there are none.
    package var hasTiles = false
    /// Columns.
    package let width = 34
    /// Rows.
    package let height = 6

    package init(_ channels: [(String, Kind)], compression: Int = 0, hasTiles: Bool = false) {
        self.channels = channels.map { ($0.0, $0.1) }
        (self.compression, self.hasTiles) = (compression, hasTiles)
    }

    /// The file.
    ///
    /// - Parameter value: The sample of a channel at a column and row, as its bits.
    package func bytes(_ value: (_ channel: String, _ x: Int, _ y: Int) -> Int = { _, _, _ in 0x3800 }) -> [UInt8] {
        let header = header
        let rowBytes = channels.reduce(0) { $0 + $1.kind.bytes * width }
        var file = header
        for y in 0..<height { file += Self.number(header.count + height * 8 + y * (8 + rowBytes), 8) }
        for y in 0..<height {
            file += Self.number(y, 4) + Self.number(rowBytes, 4)
            for (name, kind) in channels {
                for x in 0..<width { file += Self.number(value(name, x, y), kind.bytes) }
            }
        }
        return file
    }

    private var header: [UInt8] {
        var list: [UInt8] = []
        for (name, kind) in channels {
            list += Array(name.utf8) + [0]
            for number in [kind.rawValue, 0, 1, 1] { list += Self.number(number, 4) }
        }
        let window: [UInt8] = [0, 0, width - 1, height - 1].flatMap { Self.number($0, 4) }
        let one: [UInt8] = [0, 0, 0x80, 0x3F]
        let tiles: [UInt8] =
            hasTiles ? Self.attribute("tiles", "tiledesc", Self.number(64, 4) + Self.number(64, 4) + [0]) : []
        var header: [UInt8] = [0x76, 0x2F, 0x31, 0x01, 2, hasTiles ? 2 : 0, 0, 0]
        header += Self.attribute("channels", "chlist", list + [0])
        header += Self.attribute("compression", "compression", [UInt8(compression)])
        header += Self.attribute("dataWindow", "box2i", window)
        header += Self.attribute("displayWindow", "box2i", window)
        header += Self.attribute("lineOrder", "lineOrder", [0])
        header += Self.attribute("pixelAspectRatio", "float", one)
        header += Self.attribute("screenWindowCenter", "v2f", Self.number(0, 8))
        header += Self.attribute("screenWindowWidth", "float", one)
        return header + tiles + [0]
    }

    private static func attribute(_ name: String, _ type: String, _ value: [UInt8]) -> [UInt8] {
        Array(name.utf8) + [0] + Array(type.utf8) + [0] + number(value.count, 4) + value
    }

    private static func number(_ value: Int, _ bytes: Int) -> [UInt8] {
        (0..<bytes).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }
}
