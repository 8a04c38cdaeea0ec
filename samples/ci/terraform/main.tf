# An API whose integration responses Terraform leaves to reconciler: there is no aws_api_gateway_integration_response.
# All else is as ever, method responses included, which say what a method may answer at all.

terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
  # Add the backend of your state: a pipeline begins on an empty machine every time.
}

locals {
  # Verb => the status codes that the method may answer with
  methods = {
    GET  = ["200", "502"]
    POST = ["201", "502"]
  }
  answers = merge([
    for verb, codes in local.methods : { for code in codes : "${verb} ${code}" => { verb = verb, code = code } }
  ]...)
}

variable "backend" {
  description = "Where the orders are: an address that answers as HTTP does"
  type        = string
}

resource "aws_api_gateway_rest_api" "orders" {
  name = "orders"
}

resource "aws_api_gateway_resource" "orders" {
  rest_api_id = aws_api_gateway_rest_api.orders.id
  parent_id   = aws_api_gateway_rest_api.orders.root_resource_id
  path_part   = "orders"
}

resource "aws_api_gateway_method" "orders" {
  for_each      = local.methods
  rest_api_id   = aws_api_gateway_rest_api.orders.id
  resource_id   = aws_api_gateway_resource.orders.id
  http_method   = each.key
  authorization = "NONE"
}

resource "aws_api_gateway_integration" "orders" {
  for_each                = aws_api_gateway_method.orders
  rest_api_id             = aws_api_gateway_rest_api.orders.id
  resource_id             = aws_api_gateway_resource.orders.id
  http_method             = each.value.http_method
  type                    = "HTTP"
  integration_http_method = each.value.http_method
  uri                     = "${var.backend}/orders"
}

resource "aws_api_gateway_method_response" "orders" {
  for_each    = local.answers
  rest_api_id = aws_api_gateway_rest_api.orders.id
  resource_id = aws_api_gateway_resource.orders.id
  http_method = aws_api_gateway_method.orders[each.value.verb].http_method
  status_code = each.value.code
}

# There must be a first deployment for there to be a stage. All later ones are reconciler's, once the integration
# responses are there too: so neither Terraform's view of the deployment nor that of the stage counts any more.
resource "aws_api_gateway_deployment" "first" {
  rest_api_id = aws_api_gateway_rest_api.orders.id
  depends_on  = [aws_api_gateway_integration.orders]
}

resource "aws_api_gateway_stage" "live" {
  rest_api_id   = aws_api_gateway_rest_api.orders.id
  stage_name    = "live"
  deployment_id = aws_api_gateway_deployment.first.id

  lifecycle {
    ignore_changes = [deployment_id]
  }
}
