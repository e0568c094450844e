import Foundation

/// OpenEXR files of floats that are not compressed, written by the file layout of the OpenEXR documentation.
enum OpenEXRFile {
    /// - Parameters:
    ///   - rows: Rows of pixels of red, green and blue, or of these and alpha, all of one length.
    ///   - primaries: What the attribute `chromaticities` has; `nil` leaves it out.
    static func bytes(_ rows: [[[Double]]], primaries: Primaries?) -> [UInt8] {
        let (width, height) = (rows[0].count, rows.count)
        let count = rows[0][0].count
        let header = header(width, height, count, primaries)
        let lineBytes = 8 + 4 * count * width
        let table = (0..<height).flatMap { integer(header.count + 8 * height + $0 * lineBytes, bytes: 8) }
        let lines = rows.enumerated().flatMap { number, row in
            integer(number, bytes: 4) + integer(4 * count * width, bytes: 4)
                + (0..<count).reversed().flatMap { channel in row.flatMap { float($0[channel]) } }
        }
        return header + table + lines
    }

    private static func header(_ width: Int, _ height: Int, _ channels: Int, _ primaries: Primaries?) -> [UInt8] {
        let window = [0, 0, width - 1, height - 1].flatMap { integer($0, bytes: 4) }
        let channels = ["A", "B", "G", "R"].suffix(channels).flatMap { name in
            text(name) + [2, 0, 1, 1].flatMap { integer($0, bytes: 4) }
        }
        var attributes = attribute("channels", "chlist", channels + [0]) + attribute("compression", "compression", [0])
        if let primaries {
            attributes += attribute("chromaticities", "chromaticities", primaries.chromaticities.flatMap(float))
        }
        attributes += attribute("dataWindow", "box2i", window) + attribute("displayWindow", "box2i", window)
        attributes += attribute("lineOrder", "lineOrder", [0]) + attribute("pixelAspectRatio", "float", float(1))
        attributes += attribute("screenWindowCenter", "v2f", float(0) + float(0))
        attributes += attribute("screenWindowWidth", "float", float(1))
        return [0x76, 0x2F, 0x31, 0x01] + integer(2, bytes: 4) + attributes + [0]
    }

    private static func attribute(_ name: String, _ type: String, _ value: [UInt8]) -> [UInt8] {
        text(name) + text(type) + integer(value.count, bytes: 4) + value
    }

    private static func text(_ text: String) -> [UInt8] { Array(text.utf8) + [0] }

    private static func float(_ value: Double) -> [UInt8] { integer(Int(Float(value).bitPattern), bytes: 4) }

    private static func integer(_ value: Int, bytes: Int) -> [UInt8] {
        (0..<bytes).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
}
