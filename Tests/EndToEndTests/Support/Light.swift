import Foundation

/// The equations of BT.2100, BT.1886, IEC 61966-2-1 and H.273, in double precision.
enum Light {
    static let rgbOfBT709InBT2020 = [
        [0.627403895934699, 0.329283038377884, 0.043313065687417],
        [0.069097289358232, 0.919540395075459, 0.011362315566309],
        [0.016391438875150, 0.088013307877226, 0.895595253247624],
    ]

    static func pq(_ light: Double) -> Double {
        let (m1, m2) = (2610.0 / 16384, 2523.0 / 4096 * 128)
        let (c1, c2, c3) = (3424.0 / 4096, 2413.0 / 4096 * 32, 2392.0 / 4096 * 32)
        let power = pow(max(0, light) / 10_000, m1)
        return pow((c1 + c2 * power) / (1 + c3 * power), m2)
    }

    static func ofSRGB(_ value: Double) -> Double {
        value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
    }

    /// The signal of HLG for light of BT.2020 in cd/m², on a display of 1000 cd/m² (BT.2100, table 5).
    static func hlg(_ rgb: [Double]) -> [Double] {
        let display = rgb.map { max(0, $0) / 1000 }
        let luminance = 0.2627 * display[0] + 0.6780 * display[1] + 0.0593 * display[2]
        let scene = display.map { luminance > 0 ? $0 * pow(luminance, -1.0 / 6) : 0 }
        let (a, b) = (0.17883277, 0.28466892)
        return scene.map { $0 <= 1.0 / 12 ? (3 * $0).squareRoot() : a * log(12 * $0 - b) + 0.55991073 }
    }

    static func inBT2020(_ rgb: [Double]) -> [Double] {
        rgbOfBT709InBT2020.map { row in zip(row, rgb).reduce(0) { $0 + $1.0 * $1.1 } }
    }

    /// Samples of 10 bits, of limited range and the matrix of BT.2020.
    static func samples(_ rgb: [Double]) -> [Double] {
        let luma = 0.2627 * rgb[0] + 0.6780 * rgb[1] + 0.0593 * rgb[2]
        return [64 + 876 * luma, 512 + 896 * (rgb[2] - luma) / 1.8814, 512 + 896 * (rgb[0] - luma) / 1.4746]
    }

    /// The same with the matrix of BT.709.
    static func samplesOfBT709(_ rgb: [Double]) -> [Double] {
        let luma = 0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2]
        return [64 + 876 * luma, 512 + 896 * (rgb[2] - luma) / 1.8556, 512 + 896 * (rgb[0] - luma) / 1.5748]
    }
}

/// Primaries by their chromaticities: x and y of red, green, blue and white.
struct Primaries {
    static let bt709 = Primaries([0.64, 0.33, 0.3, 0.6, 0.15, 0.06, 0.3127, 0.329])
    static let bt2020 = Primaries([0.708, 0.292, 0.17, 0.797, 0.131, 0.046, 0.3127, 0.329])
    static let displayP3 = Primaries([0.68, 0.32, 0.265, 0.69, 0.15, 0.06, 0.3127, 0.329])
    /// Those of ACEScg.
    static let ap1 = Primaries([0.713, 0.293, 0.165, 0.83, 0.128, 0.044, 0.32168, 0.33767])

    let chromaticities: [Double]

    init(_ chromaticities: [Double]) { self.chromaticities = chromaticities }

    /// X, Y and Z of a color of Y = 1.
    private func color(_ index: Int) -> [Double] {
        let (x, y) = (chromaticities[2 * index], chromaticities[2 * index + 1])
        return [x / y, 1, (1 - x - y) / y]
    }

    /// Rows of the matrix from red, green and blue to X, Y and Z (SMPTE RP 177).
    private var matrix: [[Double]] {
        let columns = (0..<3).map(color)
        let rows = (0..<3).map { row in columns.map { $0[row] } }
        let scale = Self.solve(rows, color(3))
        return rows.map { row in zip(row, scale).map { $0 * $1 } }
    }

    /// A color of these primaries in others with the same white.
    func convert(_ rgb: [Double], to other: Primaries) -> [Double] {
        let xyz = matrix.map { row in zip(row, rgb).reduce(0) { $0 + $1.0 * $1.1 } }
        return Self.solve(other.matrix, xyz)
    }

    /// The solution of three equations, by Cramer's rule.
    private static func solve(_ rows: [[Double]], _ values: [Double]) -> [Double] {
        func determinant(_ m: [[Double]]) -> Double {
            (0..<3).reduce(0) { sum, column in
                let (next, last) = ((column + 1) % 3, (column + 2) % 3)
                return sum + m[0][column] * (m[1][next] * m[2][last] - m[1][last] * m[2][next])
            }
        }
        let whole = determinant(rows)
        return (0..<3).map { column in
            let replaced = zip(rows, values).map { row, value in
                row.enumerated().map { $0.offset == column ? value : $0.element }
            }
            return determinant(replaced) / whole
        }
    }
}
