module spaceport.dev/bench

go 1.25
