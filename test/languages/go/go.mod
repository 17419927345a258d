module example.com/orders

go 1.25

require github.com/cdk-lambda-xray/cdk-lambda-xray-go/cdklambdaxray v0.0.0
