import Foundation
import Sluice
import Testing

@testable import SluiceCLI

@Suite("The list of pixel formats")
struct PixelFormatListTests {
    private static let page = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Sources/Sluice/Sluice.docc/RawFrames.md")

    @Test("The list of pixel formats in the documentation has every format once, and no other")
    func documentation() throws {
        let text = try String(contentsOf: Self.page, encoding: .utf8)
        let rows = text.split(separator: "\n").drop { !$0.hasPrefix("| Kind") }.prefix { $0.hasPrefix("|") }
        let names = rows.joined().matches(of: /`([a-z0-9]+)`/).map { String($0.1) }
        #expect(names.sorted() == PixelFormat.allCases.map(\.rawValue).sorted())
    }

    @Test("The list of pixel formats in the help of encode has every format")
    func help() throws {
        let text = SluiceCommand.helpMessage(for: EncodeCommand.self, columns: 80)
        let words = Set(text.split { " ,\n;".contains($0) }.map(String.init))
        for format in PixelFormat.allCases { #expect(words.contains(format.rawValue), "\(format.rawValue)") }
    }

    @Test("The list of pixel formats is searched by FFmpeg's names, and an unknown one gets the nearest")
    func names() throws {
        #expect(try pixelFormat(named: "yuv422p10le") == .i422p10)
        #expect(throws: (any Error).self) { try pixelFormat(named: "yuv422p11") }
    }
}
