import Foundation
import Places
import SystemPackage
import TestSupport
import Testing

@Suite("A place in a folder")
struct NamedPlaceTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        for name in ["in", "other", "in/deep"] {
            try FileManager.default.createDirectory(
                atPath: folder.path(name).string,
                withIntermediateDirectories: true
            )
        }
    }

    private func link(_ name: String, to target: String) throws {
        try FileManager.default.createSymbolicLink(atPath: folder.path(name).string, withDestinationPath: target)
    }

    private func root() throws -> OpenFolder { try OpenFolder(folder.path("in")) }

    @Test("A place in a folder is where its path leads when all links are followed")
    func links() throws {
        try link("l", to: "in/../other/./x")
        try link("in/absolute", to: folder.path("other").string)
        try folder.write("x", to: "other/x")
        for name in ["l", "in/absolute/x", "in/deep/../../other//x"] {
            let place = try NamedPlace(folder.path(name))
            #expect(place.name == FileName("x".utf8) && place.entry?.size == 1, "\(name)")
        }
        #expect(try NamedPlace(folder.path("l"), followsLink: false).entry?.isLink == true)
    }

    @Test("A place in a folder stays in its folder, whatever becomes of the folder's path (fault M5)")
    func moved() throws {
        let place = try NamedPlace(folder.path("in/x"))
        try FileManager.default.moveItem(atPath: folder.path("in").string, toPath: folder.path("moved").string)
        try link("in", to: "other")
        try place.create().close()
        #expect(folder.contents(of: "moved/x") == [] && folder.contents(of: "other/x") == nil)
    }

    @Test(
        "A place in a folder does not leave the folder that it has to stay in (fault M5)",
        arguments: ["../x", "deep/../../x", "out/x", "far/x", "/tmp/x", "deep/up/x"]
    )
    func outside(path: String) throws {
        try link("in/out", to: "../other")
        try link("in/far", to: "/tmp")
        try link("in/deep/up", to: "../../other")
        let error = #expect(throws: PlaceError.self) { _ = try NamedPlace(FilePath(path), in: root()) }
        #expect(error == .outside)
    }

    @Test("A place in a folder may go up and through links within the folder that it has to stay in")
    func inside() throws {
        try link("in/deep/up", to: "../deep/..")
        let place = try NamedPlace("deep/up/deep/../x", in: root())
        try place.create().close()
        #expect(folder.contents(of: "in/x") == [])
    }

    @Test("A place in a folder is an error where links go in a circle, and where a name is too long")
    func refused() throws {
        try link("a", to: "b")
        try link("b", to: "a")
        let circle = #expect(throws: PlaceError.self) { _ = try NamedPlace(folder.path("a/x")) }
        #expect(circle == .system(.tooManySymbolicLinkLevels))
        let long = #expect(throws: PlaceError.self) {
            _ = try NamedPlace(folder.path(String(repeating: "x", count: 256)))
        }
        #expect(long == .system(.fileNameTooLong))
    }
}
