console.log("out", process.version)
