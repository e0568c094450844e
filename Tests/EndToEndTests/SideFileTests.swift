import Foundation
import Testing

@Suite("An additional file", .mustEnd)
struct SideFileTests {
    let folder: TemporaryFolder
    private let raw = "-s 64x48 -r 30 -p i420"
    private let job = "size: 64x48, framerate: 30, pixel-format: i420"

    init() throws {
        folder = try TemporaryFolder()
        try folder.succeed("sluice testsrc -s 64x48 -p i420 --frames 6 > a.yuv; sluice a.yuv \(raw) -o a.h264")
        try folder.write(Array("jobs: [{input: a.yuv, output: o.mp4, \(job)}]".utf8), to: "m.yaml")
    }

    /// Runs a command that has to refuse a FIFO without a writer or reader at once.
    private func refuse(_ command: String, status: Int32, saying words: String) throws {
        let outcome = try folder.run("timeout -s KILL 20 sluice \(command)")
        #expect(outcome.ending == .exited(status), "\(command): \(outcome.ending) \(outcome.errors)")
        #expect(outcome.errors.contains(words), "\(command): \(outcome.errors)")
    }

    @Test("An additional file that is a FIFO is refused at once, for any purpose (fault N3)")
    func fifo() throws {
        try folder.succeed("mkfifo f; sluice plan --segment-frames 3 -o p.json a.yuv \(raw) --format mp4 --quiet")
        try refuse("a.yuv \(raw) -o x.mp4 --receipt f", status: 73, saying: "f is a FIFO")
        try refuse("decode a.h264 -o x.raw --receipt f", status: 73, saying: "f is a FIFO")
        try refuse("inspect a.h264 --receipt f", status: 66, saying: "a file is needed")
        try refuse("shard f --index 0", status: 78, saying: "it is not a regular file")
        try refuse("join f -o x.mp4", status: 78, saying: "it is not a regular file")
        try refuse("batch f", status: 78, saying: "a manifest must be a regular file")
        for flag in ["--report", "--junit", "--html"] {
            try refuse("batch m.yaml \(flag) f", status: 73, saying: "f is a FIFO")
        }
        try folder.succeed("mkdir p.shards; mkfifo p.shards/000000.json p.shards/000001.shard")
        try refuse("shard p.json --index 0", status: 73, saying: "p.shards/000000.json")
        try refuse("shard p.json --index 1", status: 73, saying: "p.shards/000001.shard")
        try refuse("join p.json -o x.mp4", status: 65, saying: "missing 1 (1), damaged 1 (0)")
        #expect(!folder.exists("x.mp4") && !folder.exists("o.mp4") && !folder.exists("x.raw"))
    }

    @Test(
        "An additional file of a batch's job must be a regular file, else the batch is 78 before anything runs (fault N4)",
        arguments: ["/dev/zero", "/dev/stdin", "f", "victim"]
    )
    func receipt(target: String) throws {
        try folder.succeed("mkfifo f; echo precious > victim; ln -s \(target) o.mp4.receipt.json")
        try refuse("batch m.yaml --overwrite", status: 78, saying: "o.mp4.receipt.json is a link")
        try folder.write(
            Array("jobs: [{input: a.yuv, output: o.mp4, receipt: \(target), \(job)}]".utf8),
            to: "m.yaml"
        )
        if target != "victim" {
            try refuse("batch m.yaml --overwrite --allow-absolute-paths", status: 78, saying: target)
        }
        #expect(!folder.exists("o.mp4") && !folder.exists(".o.mp4.batch"))
        #expect(try folder.text("victim") == "precious\n")
    }

    @Test("A foreign file in the place of a shard is not replaced, and links are not followed (fault M2)")
    func shards() throws {
        try folder.succeed("sluice plan --segment-frames 3 -o p.json a.yuv \(raw) --format mp4 --quiet; mkdir p.shards")
        try folder.succeed("echo precious > victim")
        for name in ["000000.shard", "000000.json"] {
            for make in ["ln -s $PWD/victim", "ln -s $PWD/nothing", "cp victim"] {
                try folder.succeed("\(make) p.shards/\(name)")
                try folder.fail("sluice shard p.json --index 0", status: 73, saying: "p.shards/\(name)")
                #expect(try folder.text("victim") == "precious\n")
                #expect(!folder.exists("nothing"))
                try folder.succeed("ls p.shards; rm p.shards/*")
            }
        }
        try folder.succeed("sluice shard p.json --index 0 && cp p.shards/000000.shard whole")
        // A foreign file in the place of a shard whose receipt is there.
        try folder.succeed("rm p.shards/000000.shard; cp victim p.shards/000000.shard")
        try folder.fail("sluice shard p.json --index 0", status: 73, saying: "is not a shard of this plan")
        #expect(try folder.text("p.shards/000000.shard") == "precious\n")
        // A shard that a process left that was killed before it wrote the receipt.
        try folder.succeed("rm p.shards/*; cp whole p.shards/000000.shard; sluice shard p.json --index 0")
        try folder.succeed(
            "cmp whole p.shards/000000.shard && sluice shard p.json --index 1 && sluice join p.json -o o.mp4"
        )
        // One of another plan.
        try folder.succeed(
            "sluice plan --segment-frames 3 --crf 40 -o p.json a.yuv \(raw) --format mp4 --quiet --overwrite"
        )
        try folder.fail("sluice shard p.json --index 0", status: 73, saying: "is not a receipt of this plan")
    }

    @Test(
        "A file that is not a report of Sluice is not replaced by one without --overwrite (fault O7)"
    )
    func reports() throws {
        let reports = ["--report r.json", "--junit r.xml", "--html r.html"]
        try folder.succeed("sluice batch m.yaml --quiet \(reports.joined(separator: " "))")
        for report in reports { try folder.succeed("sluice batch m.yaml --quiet \(report)") }
        for text in [
            "precious", "", "{}", #"{"program":"other 1","manifest":"m"}"#, "<?xml version='1.0'?><a/>",
            "<!DOCTYPE html>",
        ] {
            for report in reports {
                let name = String(report.split(separator: " ")[1])
                try folder.write(Array(text.utf8), to: name)
                try folder.fail("sluice batch m.yaml --quiet \(report)", status: 73, saying: "\(name) exists")
                #expect(try folder.text(name) == text)
            }
        }
        try folder.succeed("sluice batch m.yaml --quiet --overwrite --report r.json && grep -q manifest r.json")
    }
}
